"""A whole tree as one comparable value: contents, modes, symbolic links, hard links."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """A file, directory or link; ``names`` are all paths in the tree that are the same file."""

    kind: str
    mode: int
    content: bytes
    names: tuple[str, ...]


Snapshot = dict[str, Entry]


def snapshot(root: Path, *, without: tuple[str, ...] = (".git",)) -> Snapshot:
    """Return all that is below ``root``, by path."""
    found: dict[str, os.stat_result] = {}
    for folder, directories, files in os.walk(root):
        directories[:] = [name for name in directories if name not in without]
        for name in (*directories, *files):
            path = Path(folder) / name
            if name not in without:
                found[path.relative_to(root).as_posix()] = path.lstat()
    names: dict[int, list[str]] = {}
    for name, status in found.items():
        names.setdefault(status.st_ino, []).append(name)
    return {
        path: Entry(
            kind=stat.filemode(status.st_mode)[0],
            mode=stat.S_IMODE(status.st_mode),
            content=_content(root / path, status),
            names=tuple(sorted(names[status.st_ino])),
        )
        for path, status in sorted(found.items())
    }


def _content(path: Path, status: os.stat_result) -> bytes:
    if stat.S_ISLNK(status.st_mode):
        return os.fsencode(path.readlink())
    return path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
