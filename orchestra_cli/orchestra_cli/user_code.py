"""Runs the project's code in a process of its own (spec/cli.md, "User code").

The project's interpreter, the project's path order, and nothing of ours but `orchestra`: a `rich/` or a
`templates/` of the project's neither breaks us nor is hidden by us. What the project prints goes to stderr;
answers come through a descriptor of their own.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from orchestra_cli.errors import (
    InterpreterNotFoundError,
    ProjectCodeEndedError,
    ProjectCodeError,
    RuntimeNotInstalledError,
)
from orchestra_cli.items import ReaderGone
from orchestra_codemods.config import Config

PROTOCOL = 3
"""The protocol of orchestra.child that we speak; a test compares the two."""

BLOCKED = 1.0
"""Seconds past its time that a child may take to say that it closes; a blocked event loop says nothing."""

CLOSING = 10.0
"""Seconds that closing may take before the child is killed."""

_BOOT = """\
import json, os, sys
request, answer = int(sys.argv[1]), int(sys.argv[2])
sys.path[:] = sys.argv[4:] + [folder for folder in sys.path if folder]
try:
    from orchestra.child import PROTOCOL, main
    why = "" if str(PROTOCOL) == sys.argv[3] else "it speaks another protocol"
except ImportError as error:
    why = str(error)
if why:
    found = getattr(sys.modules.get("orchestra"), "__file__", None)
    os.write(answer, json.dumps({"boot": why, "found": found}).encode() + b"\\n")
    sys.exit(0)
del sys.argv[1:]
sys.exit(main(request, answer))
"""


class TimedOut(Exception):  # noqa: N818 - not an error of the program, an outcome
    """The child did not end in its time and was stopped."""


def ask(
    root: Path,
    config: Config,
    request: Mapping[str, Any],
    timeout: float | None = None,
    on_item: Callable[[Any], None] | None = None,
) -> dict[str, Any]:
    """Return the child's final answer; what a stream yields before it goes to ``on_item``.

    Raises TimedOut, RuntimeNotInstalledError, InterpreterNotFoundError, ProjectCodeEndedError, and
    ProjectCodeError where the code failed before anything could run. A SIGINT reaches the child by itself and
    is raised again here when the child has closed, a ReaderGone of ``on_item`` closes it; a SIGTERM is passed
    on.
    """
    python = interpreter(root, config)
    message = {
        "app": config.app,
        "packages": [config.package],
        "factories": dict(config.factories),
        "timeout": timeout,
        **request,
    }
    with _child(python, root, import_path(root, config)) as (process, requests, answers):
        with suppress(BrokenPipeError), os.fdopen(requests, "wb") as stream:
            stream.write(json.dumps(message).encode())
        answer = _final_answer(process, answers, timeout, on_item)
    return _checked(answer, process.returncode, python)


def interpreter(root: Path, config: Config) -> str:
    """Return the path of the project's interpreter. Raises InterpreterNotFoundError."""
    if config.python is None:
        return sys.executable
    named = Path(config.python).expanduser()
    found = shutil.which(config.python) if named.parent == Path() else shutil.which(root / named)
    if found is None:
        raise InterpreterNotFoundError(
            f"the interpreter {config.python}, from {config.origins.get('python', 'default')}, cannot be run",
            hint="Correct `python` in [tool.orchestra]; a relative path counts from the project's root.",
        )
    return found


def import_path(root: Path, config: Config) -> list[str]:
    """Return the folders at the front of the path, as the project's own program has them."""
    roots = config.source_roots or (("src", ".") if (root / "src").is_dir() else (".",))
    folders = [str(root / folder) if folder != "." else str(root) for folder in roots]
    return folders if str(root) in folders else [*folders, str(root)]


@contextmanager
def _child(python: str, root: Path, path: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    request_read, request_write = os.pipe()
    answer_read, answer_write = os.pipe()
    arguments = [python, "-c", _BOOT, str(request_read), str(answer_write), str(PROTOCOL), *path]
    try:
        process = subprocess.Popen(
            arguments, cwd=root, pass_fds=(request_read, answer_write), stdout=_stderr()
        )
    except OSError as error:
        os.close(request_write)
        os.close(answer_read)
        raise InterpreterNotFoundError(
            f"the interpreter {python} cannot be run: {error.strerror}",
            hint="Correct `python` in [tool.orchestra], or make the environment anew.",
        ) from None
    finally:
        os.close(request_read)
        os.close(answer_write)
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        yield process, request_write, answer_read
    except (KeyboardInterrupt, ReaderGone) as reason:
        # A terminal has sent the signal to the child as well: it is closing.
        if isinstance(reason, ReaderGone):
            process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(CLOSING)
        raise
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(answer_read)
        signal.signal(signal.SIGTERM, before)


def _stderr() -> int:
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):
        return subprocess.DEVNULL


def _final_answer(
    process: subprocess.Popen[bytes],
    answers: int,
    timeout: float | None,
    on_item: Callable[[Any], None] | None,
) -> dict[str, Any]:
    limit = _Limit(None if timeout is None else timeout + BLOCKED)
    for line in _lines(process, answers, limit):
        answer: dict[str, Any] = json.loads(line)
        if answer == {"closing": True}:
            limit.prolong(CLOSING)
        elif "item" not in answer:
            # Not waited for longer: the project may have left a thread that runs on.
            with suppress(subprocess.TimeoutExpired):
                process.wait(CLOSING)
            return answer
        elif on_item is not None:
            on_item(answer["item"])
    with suppress(subprocess.TimeoutExpired):
        process.wait(CLOSING)
    return {}


class _Limit:
    """Until when a child may take, if there is a limit at all."""

    def __init__(self, seconds: float | None) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds

    def prolong(self, seconds: float) -> None:
        """Count anew from here."""
        if self._until is not None:
            self._until = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Tell whether the time is over."""
        return self._until is not None and time.monotonic() > self._until


def _lines(process: subprocess.Popen[bytes], answers: int, limit: _Limit) -> Iterator[bytes]:
    """Yield each line of the child's answers until it ends. Raises TimedOut when its time is over."""
    buffer = b""
    while True:
        has_ended = process.poll() is not None  # asked first, so that what it wrote last is read
        readable, _, _ = select.select([answers], [], [], 0.1)
        chunk = os.read(answers, 65536) if readable else b""
        *lines, buffer = (buffer + chunk).split(b"\n")
        yield from lines
        if (readable and not chunk) or (not readable and has_ended):
            return
        if limit.is_over():
            raise TimedOut


def _checked(answer: dict[str, Any], code: int | None, python: str) -> dict[str, Any]:
    if "boot" in answer:
        raise _unusable(answer["boot"], answer["found"], python)
    if answer.get("interrupted"):
        raise KeyboardInterrupt
    if answer.get("timed_out"):
        raise TimedOut
    if "error" in answer:
        raise ProjectCodeError.named(**answer["error"])
    if not answer:
        raise _ended(code)
    return answer


def _unusable(why: str, found: str | None, python: str) -> RuntimeNotInstalledError:
    from orchestra._version import __version__

    if "orchestra.child" in why and found is not None:
        why, hint = f"{found} is imported in its place", "Rename that package, or move it off the path."
    else:
        hint = f"{python} -m pip install 'orchestra-framework=={__version__}'"
    return RuntimeNotInstalledError(f"the framework is not usable with {python}: {why}", hint=hint)


def _ended(code: int | None) -> ProjectCodeEndedError:
    if code is not None and code < 0:
        how = f"signal {signal.Signals(-code).name}"
        hint = "It crashed in a native library, or somebody or the system (memory!) killed it."
    elif code == 0:
        how = "exit code 0"
        hint = "Look for sys.exit(), and for what closes all open files: the result goes through one."
    else:
        how = f"exit code {code}"
        hint = "Look for sys.exit() and os._exit() in what it imports and runs; its output is above."
    return ProjectCodeEndedError(
        f"the project's code ended the process ({how}) before there was a result", hint=hint
    )
