"""Make a project of a folder: which files count is decided here, what they hold is read when needed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from orchestra_codemods.change import Skipped
from orchestra_codemods.config import Config
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.scan.ignore import Patterns
from orchestra_codemods.scan.listing import Listed, list_files
from orchestra_codemods.source import PYTHON_SUFFIXES

LARGEST = 16 * 1024 * 1024
_BINARY = frozenset(
    f".{suffix}"
    for line in (
        "7z a avi bin bmp bz2 class db dll dylib eot exe gif gz ico jar jpeg jpg mo mov mp3 mp4 npy npz",
        "o onnx otf parquet pdf pickle pkl png pt pyc pyd pyo so sqlite sqlite3 tar tgz tif tiff ttf",
        "wav webm webp whl woff woff2 xz zip zst",
    )
    for suffix in line.split()
)


def scan(root: Path, config: Config, listed_files: Iterable[Listed] | None = None) -> Project:
    """Return the project at ``root``: its files by name, and what was left out with the reason.

    ``listed_files`` says which files there are, where that is known without looking. Follows no symbolic
    link, so that a file is read under one name only and a loop of links ends. Never fails because of a
    single file or folder. Raises NotADirectoryError where ``root`` is no folder.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is not a folder")
    skipped: list[Skipped] = []
    excluded = Patterns(config.exclude)
    paths: list[str] = []
    for listed in list_files(root, skipped.append) if listed_files is None else listed_files:
        if excluded.excludes(listed.path) or os.path.splitext(listed.path)[1].lower() in _BINARY:  # noqa: PTH122
            continue
        reason = _reason_against(root, listed)
        if reason is None:
            paths.append(listed.path)
        elif reason:
            skipped.append(Skipped(_printable(listed.path), reason))
    return Project(root, Sources(root, paths), config, tuple(sorted(skipped, key=lambda each: each.path)))


def _reason_against(root: Path, listed: Listed) -> str | None:
    """Return why a file is left out, empty where that is not worth a word, None where it is not."""
    if not _is_unicode(listed.path):
        return "its name is not valid UTF-8"
    full = root / listed.path
    try:
        status = full.lstat()
    except FileNotFoundError:
        return ""  # deleted in the working tree, or gone since it was listed
    except OSError as error:
        return f"it cannot be looked at: {error.strerror or error}"
    if stat.S_ISLNK(status.st_mode):
        return _reason_against_link(root.resolve(), full, listed.path)
    return _reason_against_status(status)


def _reason_against_status(status: os.stat_result) -> str | None:
    if stat.S_ISDIR(status.st_mode):
        return ""
    if not stat.S_ISREG(status.st_mode):
        return "it is not a regular file"
    return f"it is larger than {LARGEST // 1024 // 1024} MB" if status.st_size > LARGEST else None


def _reason_against_link(root: Path, full: Path, path: str) -> str:
    try:
        target = full.resolve(strict=True)
    except (OSError, RuntimeError):
        return "it is a symbolic link that leads nowhere or in a circle"
    if not target.is_relative_to(root):
        return "it is a symbolic link that leads out of the project"
    if not target.is_dir() and not path.endswith(PYTHON_SUFFIXES):
        return ""
    return f"it is a symbolic link to {target.relative_to(root).as_posix()}, which is read under its own name"


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
