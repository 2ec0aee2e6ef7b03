"""What a migration writes into a file passes the checks that the file passed before."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from orchestra_codemods.change import Edit
from orchestra_codemods.config import Config
from orchestra_codemods.migrations.insertion import place_of_import
from orchestra_codemods.migrations.style import edited, style_of
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source

SETTINGS = {
    "nothing said": "[lint]\n",
    "narrow": "line-length = 60\n[lint]\n",
    "within sections": "[lint.isort]\nforce-sort-within-sections = true\n",
    "as combined": "[lint.isort]\ncombine-as-imports = true\n",
    "one a line": "[lint.isort]\nforce-single-line = true\n",
    "own sections": '[lint.isort]\nknown-first-party = ["shop"]\nknown-third-party = ["app"]\n',
}
IMPORTS = [
    "import os",
    "import logging.handlers",
    "from collections import OrderedDict, deque",
    "from typing import TYPE_CHECKING, Any, Callable, ClassVar, Generic, Iterator, TypeVar",
    "import yaml",
    "from requests import Session as HttpSession",
    "from rich.console import Console, Group",
    "import app.tools",
    "from app import models",
    "from app.words import clean",
    "from shop import prices",
    "from . import errors",
    "from .near import Near, Nearer, Nearest",
]
OLD, NEW = "app.flows", "core.orchestration.domain.flow"
ADDED = "core.orchestration"
FILES = 25


def check(folder: Path, *options: str) -> str:
    """Run ruff's rules about imports over a folder."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "I", *options, "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_imports_that_ruff_finds_in_order_are_so_afterwards(tmp_path: Path, settings: str) -> None:
    """One import is renamed and one is added, in files that ruff itself put in order."""
    chance = random.Random(f"{settings}")
    (tmp_path / "ruff.toml").write_text(settings)
    for name in (
        "app/flows",
        "app/words",
        "app/tools",
        "app/models",
        "shop/prices",
        "core/orchestration/domain/flow",
    ):
        (tmp_path / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.py").touch()
    for number in range(FILES):
        lines = chance.sample(IMPORTS, chance.randint(2, 9))
        lines.insert(chance.randint(0, len(lines)), f"from {OLD} import FlowOrchestrator, Step, get_flow")
        (tmp_path / "app" / f"f{number}.py").write_text("\n".join([*lines, "", "X = 1", ""]))
    check(tmp_path, "--fix")
    paths = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")]
    sources = {path: Source.from_bytes(path, (tmp_path / path).read_bytes()) for path in paths}
    project = Project(tmp_path, Sources(tmp_path, (), sources), Config())
    for path in (each for each in paths if each.startswith("app/f") and each[5].isdigit()):
        text = sources[path].text
        at = place_of_import(text, ADDED)[0]
        edits = [Edit(at, at, f"from {ADDED} import BaseOrchestrator, operation\n")]
        start = text.find(OLD)
        while start >= 0:
            edits.append(Edit(start, start + len(OLD), NEW))
            start = text.find(OLD, start + 1)
        (tmp_path / path).write_text(edited(text, edits, style_of(project, path), lambda _: True))
        assert NEW in (tmp_path / path).read_text()
    assert check(tmp_path, "--diff") == ""


def test_what_was_in_no_order_stays_so_and_an_import_stands_by_the_one_that_is_like_it() -> None:
    text = "import sys\nfrom core.words import clean\nimport os\nfrom app.flows import Flow\nimport app\n"
    project = Project(Path("/nowhere"), Sources(Path("/nowhere"), (), {}), Config())
    at = place_of_import(text, ADDED)[0]
    edits = [Edit(at, at, "from core.orchestration import operation\n")]
    lines = edited(text, edits, style_of(project, "app/x.py"), lambda _: True).splitlines()
    assert lines.pop(2) == "from core.orchestration import operation"
    assert lines == text.splitlines()


def test_the_order_of_a_library_that_says_no_is_kept() -> None:
    text = "from app.flows import Flow\nfrom bins import needy\n"
    project = Project(Path("/nowhere"), Sources(Path("/nowhere"), (), {}), Config())
    start = text.find(OLD)
    after = edited(
        text,
        [Edit(start, start + len(OLD), NEW)],
        style_of(project, "x.py"),
        lambda names: "Flow" not in names,
    )
    assert after == f"from {NEW} import Flow\nfrom bins import needy\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("call(aaaa, 1)\n", 'call(\n    "a-much-longer-argument-than-that", 1\n)\n'),
        ("x = aaaa, 1, 2\n", 'x = (\n    "a-much-longer-argument-than-that",\n    1,\n    2,\n)\n'),
        (
            "x = [aaaa, f(1, 2), 3]\n",
            'x = [\n    "a-much-longer-argument-than-that",\n    f(1, 2),\n    3,\n]\n',
        ),
        ("f(\n  aaaa, g(1, 2)\n)\n", 'f(\n  "a-much-longer-argument-than-that",\n  g(1, 2),\n)\n'),
        ("if x: y = call(aaaa, 1, 2)\n", 'if x: y = call("a-much-longer-argument-than-that", 1, 2)\n'),
        ("f'{call(aaaa, 1, 2, 3, 4)}'\n", "f'{call(\"a-much-longer-argument-than-that\", 1, 2, 3, 4)}'\n"),
    ],
    ids=["call", "tuple", "list", "inside", "two statements in a line", "f-string"],
)
def test_a_line_that_gets_too_long_is_broken(before: str, after: str) -> None:
    settings = Source.new("ruff.toml", "line-length = 42\n")
    project = Project(Path("/nowhere"), Sources(Path("/nowhere"), (), {"ruff.toml": settings}), Config())
    at = before.index("aaaa")
    edits = [Edit(at, at + 4, '"a-much-longer-argument-than-that"')]
    assert edited(before, edits, style_of(project, "x.py"), lambda _: True) == after


@pytest.mark.parametrize(
    ("files", "width"),
    [
        ({"pyproject.toml": "[tool.ruff]\nline-length = 77\n"}, 77),
        ({"ruff.toml": "line-length = 78\n", "pyproject.toml": "[tool.black]\nline-length = 66\n"}, 78),
        ({"app/ruff.toml": "line-length = 70\n", "ruff.toml": "line-length = 90\n"}, 70),
        ({"pyproject.toml": "[tool.black]\nline_length = 1\nline-length = 66\n"}, 66),
        ({"pyproject.toml": "[tool.black]\n"}, 88),
        ({".flake8": "[flake8]\nmax-line-length = 99\n"}, 99),
        ({"setup.cfg": "[flake8]\nexclude = x\n"}, 79),
        ({"tox.ini": "[isort]\nline_length = 90\n"}, 90),
        ({"pyproject.toml": "not toml", "setup.cfg": "no ini"}, 100),
        ({}, 100),
    ],
)
def test_the_line_length_is_the_configured_one_or_that_which_the_file_keeps_to(
    files: dict[str, str], width: int
) -> None:
    sources = {path: Source.new(path, text) for path, text in files.items()}
    project = Project(Path("/nowhere"), Sources(Path("/nowhere"), (), sources), Config())
    assert style_of(project, "app/x.py").width_of(f"x = 1\n# {'-' * 90}\n") == width
