"""What git remembers of a project: its commits, and the files of each, read without checking anything out.

Files come out of git's objects as they are. A checkout or an archive would run the filters that the
repository's attributes name, which are programs, and may fetch from the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from orchestra_cli.git import run_git
from orchestra_codemods.scan.listing import Listed, is_wanted

_PLAIN_FILES = ("100644", "100755")
_LARGEST = 16 * 1024 * 1024
_BLOBS_A_CALL = 500


class Commit(NamedTuple):
    """A commit; ``day`` is YYYY-MM-DD in the committer's own time."""

    name: str
    day: str


class Blob(NamedTuple):
    """A file of a commit, relative to the project's root."""

    path: str
    object_name: str


def commits_since(root: Path, paths: Sequence[str]) -> list[Commit]:
    """Return the commits of the first-parent line since the first that touched one of ``paths``, oldest
    first, with the commit before it; none where nothing touched them.
    """
    touching = _commits(root, "--", *paths)
    if not touching:
        return []
    line = _commits(root)
    names = [commit.name for commit in line]
    return line[max(names.index(touching[0].name) - 1, 0) :]


def tree_name(root: Path, commit: Commit) -> str:
    """Return git's name of what the project's folder held; the same name is the same content."""
    prefix = _text(root, "rev-parse", "--show-prefix")
    return _text(root, "rev-parse", "--verify", "--quiet", f"{commit.name}:{prefix}")


def files_of(root: Path, commit: Commit) -> dict[str, Blob]:
    """Return the plain files of a commit below the root that a scan may want, by path."""
    answer = run_git(root, "ls-tree", "-r", "-z", "-l", commit.name)
    found = (_blob(entry) for entry in answer.stdout.decode("utf-8", "surrogateescape").split("\0") if entry)
    return {blob.path: blob for blob in found if blob is not None}


def contents(root: Path, blobs: Sequence[Blob]) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each blob; one that is not in this clone is left out."""
    for start in range(0, len(blobs), _BLOBS_A_CALL):
        part = blobs[start : start + _BLOBS_A_CALL]
        asked = "".join(f"{blob.object_name}\n" for blob in part).encode()
        output = run_git(root, "cat-file", "--batch", given=asked).stdout
        at = 0
        for blob in part:
            end = output.index(b"\n", at)
            words = output[at:end].split()
            at = end + 1
            if len(words) == 3:
                size = int(words[2])
                yield blob.path, output[at : at + size]
                at += size + 1


def _blob(entry: str) -> Blob | None:
    about, _, path = entry.partition("\t")
    mode, _, name, size = about.split()
    is_plain = mode in _PLAIN_FILES and size.isdecimal() and int(size) <= _LARGEST
    # A forged tree may hold names that lead out of the folder that it is written to.
    is_inside = {"", ".", "..", ".git"}.isdisjoint(path.split("/")) and path.isprintable()
    return Blob(path, name) if is_plain and is_inside and is_wanted(Listed(path, is_tracked=True)) else None


def _commits(root: Path, *arguments: str) -> list[Commit]:
    output = _text(root, "log", "--first-parent", "--reverse", "--format=%H %cs", "HEAD", *arguments)
    return [Commit(*line.split()) for line in output.splitlines()]


def _text(root: Path, *arguments: str) -> str:
    answer = run_git(root, *arguments)
    return answer.stdout.decode("utf-8", "replace").strip() if answer.returncode == 0 else ""
