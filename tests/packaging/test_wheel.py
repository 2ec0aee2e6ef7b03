"""What a person gets who installs the wheel, tried from a folder that has nothing to do with it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.support.environments import PACKAGES, ROOT, Environment
from tests.support.snapshots import snapshot

FOLDERS = ("framework", "codemods", "templates", "tests", "docs")


def test_each_package_comes_from_the_wheel(installed: Environment) -> None:
    names = ", ".join(PACKAGES)
    found = installed.run("-c", f"import {names}\nfor m in ({names}): print(m.__file__)")
    assert found.returncode == 0, found.stderr
    assert [Path(line).parts[-3] for line in found.stdout.split()] == ["site-packages"] * len(PACKAGES)


@pytest.mark.parametrize("name", FOLDERS)
def test_no_folder_of_the_repository_can_be_imported(bare: Environment, name: str) -> None:
    found = bare.run("-c", f"import {name}")
    assert found.returncode == 1
    assert f"No module named '{name}'" in found.stderr


def test_the_console_script_answers_from_anywhere(installed: Environment) -> None:
    script = installed.python.with_name("orchestra")
    found = installed.run(str(script), "--version")
    assert found.stdout.startswith("orchestra "), found.stderr


def test_the_module_answers_like_the_script(installed: Environment) -> None:
    found = installed.run("-m", "orchestra_cli", "--help")
    assert found.returncode == 0, found.stderr
    assert "migrate" in found.stdout


@pytest.mark.parametrize("arguments", [["migrate", "--all"], ["scna"]], ids=["a library", "typer"])
def test_what_needs_the_extra_says_so_without_it_and_changes_nothing(
    bare: Environment, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "work.py").write_text("class NightOrchestrator:\n    async def run(self): ...\n")
    begun = bare.run("-m", "orchestra_cli", "init", cwd=tmp_path)
    assert begun.returncode == 0, begun.stderr
    before = snapshot(tmp_path)
    found = bare.run("-m", "orchestra_cli", *arguments, cwd=tmp_path)
    assert found.returncode == 2
    assert "error[cli-not-installed]" in found.stderr
    assert "pip install 'orchestra-framework[cli]'" in found.stderr
    assert "Traceback" not in found.stderr
    assert snapshot(tmp_path) == before


def test_the_wheel_holds_the_legacy_application_and_the_type_markers(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    application = {name for name in names if name.startswith("orchestra_cli/examples/legacy_bot/")}
    assert "orchestra_cli/examples/legacy_bot/pyproject.toml" in application
    assert len([name for name in application if name.endswith(".py")]) >= 40
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_wheel_holds_nothing_but_the_packages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    top = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
    assert top == set(PACKAGES)


def test_no_package_file_at_the_outer_level() -> None:
    outer = ("framework", "codemods", "templates", "orchestra_cli", "tests", "docs")
    assert [folder for folder in outer if (ROOT / folder / "__init__.py").exists()] == []


def test_a_project_with_packages_called_like_our_folders_works_beside_us(
    installed: Environment, tmp_path: Path
) -> None:
    for name in ("framework", "templates", "rich", "codemods"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"WHOSE = 'the user: {name}'\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'theirs'\nversion = '1'\n[tool.orchestra]\n")
    (tmp_path / "work.py").write_text(
        "class NightOrchestrator:\n    async def run(self) -> int:\n        return 1\n"
    )
    script = installed.python.with_name("orchestra")
    scanned = installed.run(str(script), "scan", "--output-format", "json", cwd=tmp_path)
    assert scanned.returncode == 0, scanned.stderr
    assert '"night"' in scanned.stdout
    for name in ("framework", "templates", "rich", "codemods"):
        found = installed.run("-c", f"import {name}, orchestra; print({name}.WHOSE)", cwd=tmp_path)
        assert found.stdout == f"the user: {name}\n", found.stderr
