"""Answers that are kept between runs, each with the state of the files that it rests on.

The folder is the user's own cache (never the project, which could ship a forged one). An entry that is of
another version, root or state of the files counts as none. Imports little: the fast path of `orchestra list`
uses it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # importing typing would cost as much as the interpreter's start
if TYPE_CHECKING:
    from typing import Any

FORMAT = 1


def folder() -> str:
    """Return the cache folder: `ORCHESTRA_CACHE_DIR`, else where the system keeps caches."""
    named = os.environ.get("ORCHESTRA_CACHE_DIR")
    if named:
        return named
    from orchestra_codemods.user_folders import cache_folder

    return cache_folder()


def read(kind: str, root: str) -> Any:
    """Return what was kept for a root, or None where nothing is, or the files have changed since."""
    import json

    try:
        with open(_file(kind, root), encoding="utf-8") as stream:
            entry = json.load(stream)
        if entry["key"] != _key(root) or any(
            _state(root, path) != state for path, state in entry["files"].items()
        ):
            return None
        return entry["value"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(kind: str, root: str, files: list[str], value: Any) -> None:
    """Keep an answer that rests on ``files``; a cache that cannot be written is no error."""
    import json

    entry = {"key": _key(root), "files": {path: _state(root, path) for path in files}, "value": value}
    file = _file(kind, root)
    beside = f"{file}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        with open(beside, "w", encoding="utf-8") as stream:
            json.dump(entry, stream)
        os.replace(beside, file)
    except OSError:
        return


def _key(root: str) -> list[Any]:
    from orchestra._version import __version__

    variables = sorted((name, value) for name, value in os.environ.items() if name.startswith("ORCHESTRA_"))
    return [FORMAT, __version__, root, [list(pair) for pair in variables]]


def _state(root: str, path: str) -> list[int] | None:
    try:
        status = os.stat(os.path.join(root, path))
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _file(kind: str, root: str) -> str:
    from zlib import crc32

    name = f"{crc32(root.encode('utf-8', 'surrogateescape')):08x}-{os.path.basename(root)[:40]}"
    return os.path.join(folder(), kind, f"{name}.json")
