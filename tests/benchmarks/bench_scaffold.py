"""What it costs to write an orchestrator with its test, registered and exported."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Clock, Row, command, interleaved

PEER = "python -c pass"


def rows() -> Iterator[Row]:
    """Yield a row for a new orchestrator, journal and git's word included, and one for the second run."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = _project(Path(folder) / "fresh")
        new = [sys.executable, "-m", "orchestra_cli", "new", "domain", "billing"]
        clocks = {
            PEER: command([sys.executable, "-c", "pass"]),
            "orchestra new": _in_a_copy(new, fresh, Path(folder) / "copy"),
        }
        written = Path(shutil.copytree(fresh, Path(folder) / "written"))
        subprocess.run(new, cwd=written, check=True, capture_output=True)
        clocks["orchestra new, a second time"] = command(new, cwd=written)
        medians = interleaved(clocks)
    for what in list(clocks)[1:]:
        yield Row(what, 10.0, PEER, medians[PEER], medians[what])


def _in_a_copy(arguments: list[str], project: Path, copy: Path) -> Clock:
    """Return a clock that runs a command in a fresh copy of a project; copying is not measured."""
    timed = command(arguments, cwd=copy)

    def clock() -> float:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(project, copy)
        return timed()

    return clock


def _project(folder: Path) -> Path:
    (folder / "src").mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "0"\n')
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for arguments in (
        ["git", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", *identity, "commit", "--quiet", "--message", "start"],
        [sys.executable, "-m", "orchestra_cli", "init", "--quiet"],
        ["git", "add", "--all"],
        ["git", *identity, "commit", "--quiet", "--message", "package"],
    ):
        subprocess.run(arguments, cwd=folder, check=True, capture_output=True)
    return folder
