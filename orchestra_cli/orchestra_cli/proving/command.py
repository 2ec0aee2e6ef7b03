"""Run the project's test command in a copy, see to it that it ends, and read what it left."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from orchestra_cli.errors import InvalidValueError
from orchestra_cli.proving import watching
from orchestra_cli.proving.outcomes import Run, read_reports
from orchestra_cli.user_code import import_path, interpreter
from orchestra_codemods.config import Config

GRACE = 5.0
"""Seconds between asking a command to end and killing it with all that it started."""

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_SHOWN = 40
"""How many of its last lines are kept."""


@dataclass(frozen=True, slots=True)
class Command:
    """A test command of a project: the words of it, and what it is started with."""

    text: str
    words: tuple[str, ...]
    root: Path
    config: Config

    @classmethod
    def of(cls, text: str, root: Path, config: Config) -> Command:
        """Split what was typed as a shell does. Raises InvalidValueError for nothing, or an open quote."""
        try:
            words = tuple(shlex.split(text))
        except ValueError as error:
            raise InvalidValueError(
                f"--test-command cannot be `{text}`: {str(error).lower()}", hint="Close the quotes."
            ) from None
        if not words:
            raise InvalidValueError(
                "--test-command is empty", hint='Write --test-command "python -m pytest".'
            )
        return cls(text, words, root, config)

    def run(self, copy: Path, timeout: float) -> Run:
        """Run it in a copy of the project, for so many seconds at most.

        Raises InvalidValueError where there is no such program.
        """
        with _notes() as (hook, notes), tempfile.TemporaryFile() as output:
            environment = self._environment(copy, hook, notes)
            program = shutil.which(self.words[0], path=environment["PATH"])
            if "/" in self.words[0]:
                program = shutil.which(copy / self.words[0])
            if program is None:
                raise InvalidValueError(
                    f"the test command `{self.words[0]}` was not found",
                    hint="Name a program on the path, or one in the project as ./NAME. A shell's own words "
                    "need one: --test-command \"sh -c '…'\".",
                )
            started = time.monotonic()
            with _ended_as_interrupted():
                process = subprocess.Popen(
                    [program, *self.words[1:]],
                    cwd=copy,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                code = _ended(process, timeout)
            seconds = time.monotonic() - started
            output.seek(0)
            lines = output.read().decode("utf-8", "replace").splitlines()[-_SHOWN:]
            tests, messages = read_reports(notes)
            return Run(code, seconds, tests, messages, frozenset(_modules(notes)), "\n".join(lines))

    def _environment(self, copy: Path, hook: Path, notes: Path) -> dict[str, str]:
        """Return the user's environment, with the copy's folders first on Python's path."""
        kept = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        theirs = [_in_copy(entry, self.root, copy) for entry in kept if entry]
        path = [str(hook), *import_path(copy, self.config), *theirs]
        python = Path(interpreter(self.root, self.config)).parent
        report = f"--junitxml=${watching.VARIABLE}/${watching.PROCESS}.xml"
        return {
            **os.environ,
            "PWD": str(copy),
            "PATH": os.pathsep.join((str(python), os.environ.get("PATH", os.defpath))),
            "PYTHONPATH": os.pathsep.join(path),
            "PYTEST_ADDOPTS": f"{os.environ.get('PYTEST_ADDOPTS', '')} {report}".strip(),
            watching.VARIABLE: str(notes),
        }


@contextmanager
def _notes() -> Iterator[tuple[Path, Path]]:
    """Make a folder with the hook that notes what is loaded, and one for what it notes."""
    with tempfile.TemporaryDirectory(prefix="orchestra-proof-") as folder:
        hook, notes = Path(folder, "hook"), Path(folder, "notes")
        hook.mkdir()
        notes.mkdir()
        shutil.copyfile(watching.__file__, hook / "sitecustomize.py")
        yield hook, notes


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end what was started as Ctrl-C does: it has a session of its own.

    What is ignored stays so: `nohup` is there to outlive the terminal.
    """

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    numbers = [each for each in _ENDING if signal.getsignal(each) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(process: subprocess.Popen[bytes], timeout: float) -> int | None:
    """Wait for a process; end it with all that it started, in any case. None where it took too long."""
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        return None
    finally:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _modules(notes: Path) -> Iterator[tuple[str, str]]:
    for file in notes.glob("*.modules"):
        for line in file.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            name, tab, path = line.partition("\t")
            if tab:
                yield name, path


def _in_copy(entry: str, root: Path, copy: Path) -> str:
    path = Path(entry)
    full = path if path.is_absolute() else root / path
    return str(copy / full.relative_to(root)) if full.is_relative_to(root) else entry
