"""The layers that the settings describe, exported for import-linter, which then says what our rule says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.cli.conftest import Orchestra

ROOT = Path(__file__).parents[2]
LAYERS = ("domain", "application", "infrastructure")
OTHER_TABLE = '[tool.orchestra.layers]\ndomain = "infrastructure"\napplication = ""\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def write(folder: Path, settings: str, importer: str, imported: str, package: str) -> None:
    (folder / "pyproject.toml").write_text(f"[tool.orchestra]\npackage = '{package}'\n{settings}")
    home = folder.joinpath("src", *package.split("."))
    for layer in LAYERS:
        (home / layer).mkdir(parents=True, exist_ok=True)
        (home / layer / "__init__.py").touch()
        (home / layer / "thing.py").write_text("A = 1\n")
    for parent in (home, *home.parents):
        if parent.name == "src":
            break
        (parent / "__init__.py").touch()
    (home / importer / "user.py").write_text(f"from {package}.{imported} import thing\n")


def import_linter_says(folder: Path) -> bool:
    """Tell whether import-linter keeps all contracts."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--config", "layers.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.returncode == 0


@pytest.mark.parametrize(
    ("settings", "package", "importer", "imported", "is_fine"),
    [
        ("", "orchestrators", "domain", "infrastructure", False),
        ("", "orchestrators", "infrastructure", "domain", True),
        ("", "core.orchestration", "infrastructure", "application", False),
        (OTHER_TABLE, "core.orchestration", "domain", "infrastructure", True),
        (OTHER_TABLE, "orchestrators", "application", "domain", False),
    ],
)
def test_import_linter_and_the_rule_agree(
    orchestra: Orchestra,
    project: Path,
    settings: str,
    package: str,
    importer: str,
    imported: str,
    is_fine: bool,
) -> None:
    write(project, settings, importer, imported, package)
    (project / "layers.toml").write_text(orchestra("config", "contracts").out)
    assert import_linter_says(project) is is_fine
    assert orchestra("lint", "--no-ruff", "--select", "layer-import").code == (0 if is_fine else 1)


def test_imports_for_types_alone_are_fine_for_both(orchestra: Orchestra, project: Path) -> None:
    write(project, "", "domain", "infrastructure", "orchestrators")
    user = project / "src" / "orchestrators" / "domain" / "user.py"
    user.write_text("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    " + user.read_text())
    (project / "layers.toml").write_text(orchestra("config", "contracts").out)
    assert import_linter_says(project)
    assert orchestra("lint", "--no-ruff", "--select", "layer-import").code == 0


def test_the_contracts_as_json_follow_their_schema(orchestra: Orchestra) -> None:
    data = json.loads(orchestra("config", "contracts", "--output-format", "json").out)
    schema = json.loads((ROOT / "docs" / "reference" / "schemas" / "config-contracts.json").read_text())
    jsonschema.validate(data, schema)
    assert [one["source"] for one in data["contracts"]] == [
        "orchestrators.domain",
        "orchestrators.infrastructure",
    ]


@pytest.mark.parametrize(
    "line", ['domain = "infrastrcture"', 'domian = "infrastructure"', 'domain = "adapters"']
)
def test_a_layer_that_does_not_exist_is_an_error_with_a_suggestion(
    orchestra: Orchestra, project: Path, line: str
) -> None:
    (project / "pyproject.toml").write_text(f"[tool.orchestra.layers]\n{line}\n")
    done = orchestra("lint")
    assert done.code == 2
    assert "error[config-invalid-value]" in done.err
    assert any(hint in done.err for hint in ("`infrastructure`?", "`domain`?", "domain, infrastructure."))


def test_a_project_may_add_a_layer(orchestra: Orchestra, project: Path) -> None:
    write(
        project,
        '[tool.orchestra.layers]\nadapters = "infrastructure"\n',
        "domain",
        "infrastructure",
        "orchestrators",
    )
    adapters = project / "src" / "orchestrators" / "adapters"
    adapters.mkdir()
    (adapters / "__init__.py").touch()
    (adapters / "user.py").write_text("from orchestrators.domain import thing\n")
    (project / "src" / "orchestrators" / "domain" / "user.py").unlink()
    (project / "layers.toml").write_text(orchestra("config", "contracts").out)
    assert not import_linter_says(project)
    done = orchestra("lint", "--no-ruff", "--select", "layer-import", "--output-format", "concise")
    assert (
        done.out
        == "src/orchestrators/adapters/user.py:1:34: ORC201 adapters may import infrastructure, not domain\n"
    )
