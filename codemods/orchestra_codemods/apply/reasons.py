"""Why a file is not written, in one table: the code (a refusal's ``unit``), the reason and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from orchestra_codemods.change import Refusal, Span

_KEEP = "or leave it as it is with `--keep {path}`"


class Reason(StrEnum):
    """The codes of refusals by the writer."""

    UNSAFE_PATH = "unsafe-path"
    OUTSIDE_ROOT = "outside-root"
    SYMBOLIC_LINK = "symbolic-link"
    NOT_A_FILE = "not-a-file"
    CHANGED = "changed-on-disk"
    VANISHED = "vanished"
    EXISTS = "already-exists"
    CASE_CLASH = "case-clash"
    CONFLICTING = "conflicting-changes"
    WRONG_DIGEST = "wrong-digest"
    READ_ONLY_FILE = "read-only-file"
    READ_ONLY_DIRECTORY = "read-only-directory"
    HARD_LINKED = "hard-linked"
    DISK_FULL = "disk-full"
    CANNOT_READ = "cannot-read"
    CANNOT_WRITE = "cannot-write"
    EDITED_SINCE = "edited-since"
    MERGE_CONFLICT = "merge-conflict"
    MERGE_NEEDS_GIT = "merge-needs-git"
    MERGE_NOT_PYTHON = "merge-not-python"
    NEITHER_SIDE = "neither-old-nor-new"


_TEXTS: Mapping[Reason, tuple[str, str]] = MappingProxyType(
    {
        Reason.UNSAFE_PATH: ("{detail}", "Name a path below the project's root, outside `.git`."),
        Reason.OUTSIDE_ROOT: (
            "a symbolic link on its path leads out of the project, or in a circle",
            "Replace the link by the file, or leave the path out with `exclude`.",
        ),
        Reason.SYMBOLIC_LINK: (
            "it is a symbolic link, and deleting or renaming links is not supported",
            "Remove the link, or replace it by a file, and run the command again.",
        ),
        Reason.NOT_A_FILE: (
            "it is not a regular file, or a part of its path is not a directory",
            "Move what is in the way, or leave the path out with `exclude`.",
        ),
        Reason.CHANGED: ("it was changed after it was read", "Run the command again."),
        Reason.VANISHED: ("it does not exist any more", "Run the command again."),
        Reason.EXISTS: (
            "it should be created but exists already",
            "Move it out of the way, and run the command again.",
        ),
        Reason.CASE_CLASH: (
            "it differs from {detail} in upper and lower case only, which some systems take for one file",
            "Rename one of the two.",
        ),
        Reason.CONFLICTING: (
            "two changes want different things of this one file",
            "Apply them one after the other; where two names are one file (a link), name one of them.",
        ),
        Reason.WRONG_DIGEST: (
            "the change does not carry the content that it claims",
            "Report this as a bug; nothing was changed.",
        ),
        Reason.READ_ONLY_FILE: (
            "it is read-only",
            "Make it writable (chmod u+w), and try again.",
        ),
        Reason.READ_ONLY_DIRECTORY: (
            "its directory {detail} is not writable",
            "Make the directory writable, and run the command again.",
        ),
        Reason.HARD_LINKED: (
            "it has other names (hard links), which deleting or renaming could not restore",
            "Replace it by a copy of its own, and run the command again.",
        ),
        Reason.DISK_FULL: ("{detail}", "Free some space, and run the command again."),
        Reason.CANNOT_READ: ("it cannot be read: {detail}", "Correct its permissions, or leave it out."),
        Reason.CANNOT_WRITE: (
            "writing it was tried and failed: {detail}",
            "Remove the cause, and run the command again; nothing was changed.",
        ),
        Reason.EDITED_SINCE: (
            "{detail}",
            f"Save your version elsewhere and put the file back, {_KEEP}.",
        ),
        Reason.MERGE_CONFLICT: (
            "it was edited since, in the same lines",
            f"Take your edits out (save them elsewhere), {_KEEP}.",
        ),
        Reason.MERGE_NEEDS_GIT: (
            "it was edited since, and merging needs `git`, which was not found",
            f"Install git, or take your edits out, {_KEEP}.",
        ),
        Reason.MERGE_NOT_PYTHON: (
            "it was edited since, and merged with your edits it would not compile: {detail}",
            f"Take your edits out (save them elsewhere), {_KEEP}.",
        ),
        Reason.NEITHER_SIDE: (
            "it has neither its old nor its new content: it was edited after the interruption",
            f"Save your version elsewhere and put one of the two back, {_KEEP}.",
        ),
    }
)


def refusal(reason: Reason, path: str, detail: str = "") -> Refusal:
    """Return the refusal of one file."""
    why, what_to_do = _TEXTS[reason]
    return Refusal(
        unit=reason.value,
        path=path,
        span=Span(1),
        why=why.format(detail=detail, path=path),
        what_to_do=what_to_do.format(path=path),
    )
