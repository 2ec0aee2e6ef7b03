"""Our own code is clean by our own rules: what we ship, each template as a project of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestra_codemods.config import Config
from orchestra_codemods.lint.run import lint
from orchestra_codemods.lint.selection import selected
from orchestra_codemods.project import Project, Sources

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates" / "orchestra_templates"


def findings(root: Path, paths: list[Path]) -> list[str]:
    names = [path.relative_to(root).as_posix() for path in paths]
    report = lint(Project(root, Sources(root, names), Config()), selected())
    return [f"{one.path}:{one.span.line} {one.code} {one.message}" for one in report.open]


@pytest.mark.parametrize("folder", ["framework", "codemods", "orchestra_cli"])
def test_our_code_is_clean(folder: str) -> None:
    paths = [path for path in (ROOT / folder).rglob("*.py") if not {"cases", "examples"} & set(path.parts)]
    assert findings(ROOT / folder, paths) == []


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in TEMPLATES.glob("*/orchestrator.py")))
def test_each_template_is_clean(folder: str) -> None:
    paths = sorted((TEMPLATES / folder).rglob("*.py"))
    assert paths
    assert findings(TEMPLATES / folder, paths) == []
