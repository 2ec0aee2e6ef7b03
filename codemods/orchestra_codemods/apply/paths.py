"""Which paths may be written: relative, below the root, and not in a git directory."""

from __future__ import annotations

import unicodedata

_WITHIN_GIT = ".git"


class UnsafePathError(ValueError):
    """A path that must not be touched; the message says what is wrong with it."""


def check_path(path: str) -> None:
    """Raise UnsafePathError unless ``path`` is relative and normal, and leads neither out nor into git."""
    if not path or path.startswith("/") or "\0" in path or "\\" in path:
        raise UnsafePathError(f"{path!r} is not a relative path with forward slashes")
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise UnsafePathError(f"{path!r} has parts that lead elsewhere")
    if any(part.casefold().rstrip(". ") == _WITHIN_GIT for part in parts):
        raise UnsafePathError(f"{path!r} is in a git directory")
    try:
        path.encode()
    except UnicodeEncodeError:
        raise UnsafePathError(f"{path!r} is not UTF-8") from None


def fold(path: str) -> str:
    """Return what a file system that ignores case takes the path for."""
    return unicodedata.normalize("NFC", path).casefold()


def parent_of(path: str) -> str:
    """Return the directory of a path; the root is the empty string."""
    return path.rpartition("/")[0]


def name_of(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


def ancestors_of(path: str) -> list[str]:
    """Return the directories above a path, outermost first, without the root."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]
