"""A process that is stopped while it holds the lock of a SQLite store, which nobody else can release.

Whoever waits for the store in vain lets it go on: it finishes what it writes, and the lock is free. What it
ran meanwhile is not its own any more where others took it over.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

_STOPPED = "T"
"""The state of a process that a signal stopped; one that a debugger holds has another."""


def wake_who_holds(database: Path) -> list[int]:
    """Let processes go on that are stopped with a lock on a SQLite file; return those.

    Reads the system's tables and opens no file of the store, since closing one would release this process's
    own locks. Does nothing where there are no such tables, as on macOS.
    """
    files = {_identity(database.with_name(database.name + suffix)) for suffix in ("", "-wal", "-shm")}
    woken = [pid for pid in _holders(files - {None}) if _state_of(pid) == _STOPPED]
    for pid in woken:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGCONT)
    return woken


def _identity(file: Path) -> str | None:
    """Return a file as the table of locks names it: the numbers of its device, and its inode."""
    try:
        found = file.stat()
    except OSError:
        return None
    return f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"


def _holders(files: set[str | None]) -> list[int]:
    try:
        rows = [line.split() for line in Path("/proc/locks").read_text("ascii").splitlines()]
    except OSError:
        return []
    # 1: POSIX  ADVISORY  WRITE 4711 08:01:1234 120 120; one that waits has an arrow behind its number
    return sorted({int(row[4]) for row in rows if len(row) == 8 and row[3] == "WRITE" and row[5] in files})


def _state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0].decode()
    except (OSError, IndexError):
        return ""
