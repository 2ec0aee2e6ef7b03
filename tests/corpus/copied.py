"""A package in a copy: made a repository with a state of its own, where commands run for a limited time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus.packages import interpreter, own_tests

KINDS = """
Agent Builder Cache Client Controller Converter Coordinator Dispatcher Embedder Engine Evaluator Executor
Extractor Factory Generator Handler Joiner Loader Manager Monitor Observer Orchestrator Parser Pipeline
Processor Provider Ranker Reader Registry Retriever Router Runner Scheduler Service Splitter Store Tracker
Worker Writer
"""
PATTERNS = [f"*{kind}" for kind in KINDS.split()]
IMPORTING = Path(__file__).with_name("importing.py")
GRACE = 30.0
"""Seconds that a command has to end what it started, before it is killed."""


class OutOfTimeError(Exception):
    """The time for a package is over."""


@dataclass(frozen=True)
class Copy:
    """A package as a repository, with a state of its own."""

    root: Path
    state: Path
    python: Path | None
    deadline: float
    placement: str = "auto"

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return max(0.0, self.deadline - time.monotonic())

    @contextmanager
    def limited(self, process: subprocess.Popen[str]) -> Iterator[None]:
        """End a process with all that it started where its time is over; raises OutOfTimeError then."""
        try:
            yield
        except subprocess.TimeoutExpired:
            process.terminate()  # a command of ours ends the tests that it runs, in a session of their own
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=GRACE)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise OutOfTimeError from None

    def orchestra(self, *arguments: str) -> tuple[int, str]:
        """Run a command; return its exit code and its stdout, and fail on an error of ours."""
        environment = {**os.environ, "XDG_STATE_HOME": str(self.state), "XDG_CACHE_HOME": str(self.state)}
        command = [str(Path(sys.executable).with_name("orchestra")), *arguments]
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with process, self.limited(process):
            output, errors = process.communicate(timeout=self.left)
        if process.returncode not in (0, 1):
            raise AssertionError(f"{arguments} in {self.root.name}: {process.returncode}\n{errors}")
        return process.returncode, output

    def migrate(self, *options: str) -> dict[str, Any]:
        """Migrate everything and return what is reported."""
        document: dict[str, Any] = json.loads(
            self.orchestra(
                "migrate", "--all", "--placement", self.placement, "--output-format", "json", *options
            )[1]
        )
        return document

    def git(self, *arguments: str) -> str:
        """Run git, which must succeed."""
        who = ("-c", "user.name=corpus", "-c", "user.email=corpus@localhost")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout

    def commit(self) -> str:
        """Commit everything and return the tree's digest."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "as it is")
        return self.git("rev-parse", "HEAD^{tree}").strip()

    def offered(self, modules: list[str]) -> dict[str, Any]:
        """Return what modules offer, imported one by one in processes of their own."""
        own = [] if self.python else [entry.name.removesuffix(".py") for entry in self.root.iterdir()]
        environment = {**os.environ, "PYTHONPATH": ".", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        with (
            tempfile.TemporaryFile("w+") as answers,
            subprocess.Popen(
                [str(self.python or sys.executable), str(IMPORTING), *own],
                cwd=self.root,
                env={**environment, "ANSWER": str(answers.fileno())},
                pass_fds=[answers.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            ) as child,
        ):
            with self.limited(child):
                child.communicate("\n".join(modules), timeout=self.left)
            answers.seek(0)
            return dict(json.loads(line) for line in answers)


def prepared(package: Path, folder: Path, limit: float, placement: str) -> Copy:
    """Return a copy of a package as a repository, with its own tests where it has any, and the layers.

    ``limit`` is how many seconds its commands may take, all together.
    """
    root = shutil.copytree(package, folder / package.name)
    python = interpreter(package)
    copy = Copy(root, folder / "state", python, time.monotonic() + limit, placement)
    settings = f"[tool.orchestra]\npatterns = {json.dumps(PATTERNS)}\n"
    settings += f'python = "{copy.python}"\n' if copy.python else ""
    (root / "pyproject.toml").write_text(settings)
    chosen = own_tests(package)
    if chosen is not None:
        shutil.copytree(chosen[0], root / "tests")
    copy.git("init", "--quiet")
    copy.commit()
    copy.orchestra("init", "--package", "orchestrators")
    return copy
