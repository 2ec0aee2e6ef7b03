"""The legacy application is clean once it is migrated and its safe fixes are made, as its own tests are."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra

APPLICATION = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "bot"
    return shutil.copytree(APPLICATION, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))


def test_nothing_is_left_to_report_until_the_dates_of_the_old_modules_have_passed(
    orchestra: Orchestra, project: Path
) -> None:
    before = orchestra("lint", "--no-ruff", "--output-format", "concise")
    assert before.code == 1
    assert len(before.out.splitlines()) > 30
    assert orchestra("init").code == 0
    assert orchestra("migrate", "--all", "--owner", "platform").code == 1  # nine look-alikes are refused
    assert "mended 2 files" in orchestra("lint", "--fix", "--no-ruff").err
    after = orchestra("lint", "--no-ruff", "--output-format", "concise")
    assert (after.out, after.code) == ("", 0)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "213 passed" in done.stdout
    records = project / "deprecations.toml"
    records.write_text(re.sub(r"remove_on = .*", "remove_on = 2026-01-31", records.read_text()))
    overdue = orchestra("lint", "--no-ruff", "--select", "ORC205,ORC206", "--output-format", "concise")
    assert {line.split()[1] for line in overdue.out.splitlines()} == {"ORC205", "ORC206"}


def test_safe_fixes_leave_nothing_to_mend_and_pass_the_tests_of_the_files_they_changed(
    orchestra: Orchestra, project: Path
) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*.py")}
    assert "mended 4 files" in orchestra("lint", "--fix", "--no-ruff").err
    after = {path: path.read_bytes() for path in project.rglob("*.py")}
    assert "mended" not in orchestra("lint", "--fix", "--no-ruff").err
    assert {path: path.read_bytes() for path in project.rglob("*.py")} == after
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "213 passed" in done.stdout, done.stdout[-2000:]
    assert orchestra("undo").code == 0
    assert {path: path.read_bytes() for path in project.rglob("*.py") if path in before} == before
