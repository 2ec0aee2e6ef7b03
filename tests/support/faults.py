"""Systems that fail, die or are interrupted at a chosen mutating call, and a child process to die in."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from orchestra_codemods.apply import System


class Quick(System):
    """Counts the calls. Waits for no disk: whoever only dies loses nothing of what the system has taken."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def call(self, name: str, function: Callable[..., Any], *arguments: object, **named: object) -> Any:
        self.calls.append(name)
        self.before(len(self.calls), name)
        return None if name == "fsync" else function(*arguments, **named)

    def before(self, number: int, name: str) -> None:
        """Do something before the call of this number, counted from 1."""


class Dying(Quick):
    """Is killed, as by SIGKILL from outside, right before the call of this number."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def before(self, number: int, name: str) -> None:
        if number == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class Failing(Quick):
    """Raises an error at the call of this number, and at every later one of its kind when it ``stays``."""

    def __init__(self, at: int, error: BaseException, *, stays: bool = False) -> None:
        super().__init__()
        self.at, self.error, self.stays = at, error, stays

    def before(self, number: int, name: str) -> None:
        if number == self.at or (self.stays and number > self.at and name in _NEEDS_SPACE):
            raise self.error


class Meddling(Quick):
    """Runs something right before the call of this number: another process that writes at the same time."""

    def __init__(self, at: int, meddle: Callable[[], object]) -> None:
        super().__init__()
        self.at, self.meddle = at, meddle

    def before(self, number: int, name: str) -> None:
        if number == self.at:
            self.meddle()


_NEEDS_SPACE = ("create", "write", "mkdir", "link", "open")


def in_child(function: Callable[[], object]) -> bool:
    """Run a function in a child process. Return whether it was killed; AssertionError where it failed."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            function()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the child failed, see its traceback"
    return False
