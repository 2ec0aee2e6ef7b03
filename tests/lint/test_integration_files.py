"""The files that users' CI takes name commands and options that exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra

ROOT = Path(__file__).parents[2]
BAD = "import asyncio\n\n\nasync def handle(event):\n    asyncio.create_task(record(event))\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    (tmp_path / "hub.py").write_text(BAD)
    return tmp_path


def test_each_hooks_entry_runs_on_the_files_that_pre_commit_gives(orchestra: Orchestra) -> None:
    entries = re.findall(
        r"^  entry: orchestra (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.MULTILINE
    )
    assert len(entries) == 2
    for entry in entries:
        done = orchestra(*entry.split(), "--no-ruff", "hub.py")
        assert done.code == (0 if "--fix" in entry else 1), done.err


def test_the_actions_script_annotates_and_writes_sarif(tmp_path: Path, project: Path) -> None:
    action = (ROOT / "action.yml").read_text()
    script = (
        action.split("    - name: Check")[1]
        .partition("      run: |\n")[2]
        .replace("\n        ", "\n")
        .strip()
    )
    program = tmp_path / "orchestra-lint" / "bin" / "orchestra"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orchestra_cli "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=project,
        env={
            **os.environ,
            "RUNNER_TEMP": str(tmp_path),
            "ARGUMENTS": "--no-ruff",
            "BASE": "",
            "SARIF": "out.sarif",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout.startswith("::warning file=hub.py,line=5")
    assert '"version": "2.1.0"' in (project / "out.sarif").read_text()
