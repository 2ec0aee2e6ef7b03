"""One step of the demonstration: a command, run in a process of its own, and what it printed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestra_cli.demonstration.application import COMMIT, environment


@dataclass(frozen=True, slots=True)
class Step:
    """A command that has run. ``shown`` is how a person would type it; times are in seconds."""

    title: str
    shown: str
    code: int
    output: str
    seconds: float
    expected: int = 0

    @property
    def is_fine(self) -> bool:
        """Whether it ended as it should."""
        return self.code == self.expected


class Stage:
    """The folder in which the steps happen, with a cache and a state folder of its own beside it."""

    def __init__(self, folder: Path, beside: Path) -> None:
        self.folder = folder
        self.beside = beside

    def orchestra(self, title: str, *arguments: str, expected: int = 0) -> Step:
        """Run a command of ours."""
        command = [sys.executable, "-m", "orchestra_cli", *arguments]
        return self._run(title, command, _typed("orchestra", arguments), expected)

    def suite(self, title: str, report: Path) -> Step:
        """Run the application's own tests; ``report`` is where their outcome is written as JUnit XML."""
        plugins = ("-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider")
        options = ("-q", *plugins, f"--junitxml={report}", f"--basetemp={self.beside / 'tests'}")
        return self._run(title, [sys.executable, "-m", "pytest", *options], "python -m pytest -q")

    def commit(self, title: str, message: str) -> Step:
        """Commit everything."""
        added = self._run(title, ["git", "add", "--all"], "git add --all")
        if not added.is_fine:
            return added
        return self._run(title, [*COMMIT, message], f"git add --all && git commit --message '{message}'")

    def _run(self, title: str, command: Sequence[str], shown: str, expected: int = 0) -> Step:
        started = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        elapsed = time.perf_counter() - started
        return Step(title, shown, done.returncode, done.stdout.rstrip("\n"), elapsed, expected)

    def _environment(self) -> dict[str, str]:
        return {
            **environment(),
            "ORCHESTRA_CACHE_DIR": str(self.beside / "cache"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "110",
        }


def _typed(program: str, arguments: Sequence[str]) -> str:
    from shlex import quote

    return " ".join((program, *(quote(argument) for argument in arguments)))
