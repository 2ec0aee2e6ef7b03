"""One writer at a time in a project: an advisory lock beside its journals, gone when its holder is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from orchestra_codemods.apply.errors import RunInProgressError
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree, read_all

LOCK_NAME = "lock"


@contextmanager
def locked(tree: Tree, folder: str, command: str, system: System) -> Iterator[None]:
    """Hold the lock of a journal directory, which exists.

    Raises RunInProgressError, naming the holder, at once where another process has it; OSError is passed on.
    """
    import fcntl

    with tree.directory(folder) as directory:
        descriptor = system.open_lock(LOCK_NAME, directory)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = read_all(descriptor).decode(errors="replace").strip()
            raise RunInProgressError.held_by(holder or "a process that has just begun") from None
        started = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        system.truncate(descriptor, 0)
        system.write(descriptor, f"process {os.getpid()}, {command}, since {started}\n".encode())
        yield
    finally:
        os.close(descriptor)
