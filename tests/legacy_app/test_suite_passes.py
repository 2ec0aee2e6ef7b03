"""The legacy application is worth migrating: its own suite passes as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"


@pytest.fixture
def copy_of_the_application(tmp_path: Path) -> Path:
    """Copy the application to where nothing of this repository is above it."""
    return shutil.copytree(APP, tmp_path / "legacy_bot", ignore=shutil.ignore_patterns("__pycache__", ".*"))


def run_suite(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the application's tests with warnings as errors, cut off from this run's settings."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "COV_"))
    }
    plugins = ["-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", *plugins, *options]
    return subprocess.run(
        command,
        cwd=folder,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_its_own_suite_passes(copy_of_the_application: Path) -> None:
    done = run_suite(copy_of_the_application)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert passed is not None, done.stdout
    assert int(passed[1]) >= 90


@pytest.mark.soak
def test_every_test_file_passes_alone(copy_of_the_application: Path) -> None:
    folder = copy_of_the_application
    for file in sorted(folder.glob("tests/test_*.py")):
        done = run_suite(folder, str(file.relative_to(folder)))
        assert done.returncode == 0, f"{file.name}\n{done.stdout}{done.stderr}"
