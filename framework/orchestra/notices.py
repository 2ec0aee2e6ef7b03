"""Tell those who use a deprecated module, and count them in the runs that somebody asks about.

Where the environment variable ``ORCHESTRA_DEPRECATED_USES`` names a file, every line of code that uses a
deprecated module is appended to it as one JSON object, once in each process: in tests, in staging, in
production, under as many processes as there are. `orchestra deprecate users --warnings FILE` reads it.
"""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path
from types import FrameType

VARIABLE = "ORCHESTRA_DEPRECATED_USES"
_BETWEEN = frozenset(
    {
        "_frozen_importlib",
        "_pytest",
        "importlib",
        "inspect",
        "mock",
        "pickle",
        "pkgutil",
        "pluggy",
        "unittest",
    }
)


class MovedModuleWarning(DeprecationWarning):
    """Code still uses a module under the name that it had before it moved, or one that goes away."""


class Notice:
    """What is said of one deprecated module, and who has been told."""

    __slots__ = ("_lock", "_told", "old_name", "text")

    def __init__(self, old_name: str, text: str) -> None:
        self.old_name = old_name
        self.text = text
        self._told: set[tuple[str, int]] = set()
        self._lock = threading.Lock()

    def warn(self, frame: FrameType | None) -> None:
        """Tell the user's code that is nearest above ``frame``, once for each of its lines."""
        while frame is not None and _top_package(frame) in _BETWEEN:
            frame = frame.f_back
        if frame is None:
            return
        place = (frame.f_code.co_filename, frame.f_lineno)
        if place in self._told:
            return
        with self._lock:
            if place in self._told:
                return
            self._told.add(place)
        record_use(self.old_name, *place)
        registry = frame.f_globals.setdefault("__warningregistry__", {})
        name = frame.f_globals.get("__name__") or "<string>"
        warnings.warn_explicit(self.text, MovedModuleWarning, *place, module=name, registry=registry)


def record_use(module: str, path: str, line: int) -> None:
    """Append one use to the file that the environment names, if it names one.

    It is one write to a file that is opened for appending, which the system does not mix with those of other
    processes (POSIX, ``write``; not so on NFS). That the file cannot be written is no failure of the program.
    """
    file = os.environ.get(VARIABLE)
    if not file:
        return
    import json
    import time

    use = {
        "module": module,
        "path": path if path.startswith("<") else str(Path(path).absolute()),
        "line": line,
        "day": time.strftime("%Y-%m-%d", time.gmtime()),
    }
    try:
        target = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    except OSError:
        return
    try:
        os.write(target, f"{json.dumps(use)}\n".encode())
    except OSError:
        pass
    finally:
        os.close(target)


def _top_package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
