"""Where journals are kept: in the git directory of the project, else in the user's state directory."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from orchestra_codemods.apply.seal import state_directory

_POINTER = "gitdir:"
_LONGEST_POINTER = 4096


@dataclass(frozen=True, slots=True)
class Place:
    """A directory for the runs of one root: ``folder`` below ``anchor``, which may not exist yet."""

    anchor: Path
    folder: str

    @property
    def path(self) -> Path:
        """The whole path."""
        return self.anchor / self.folder


def places_for(root: Path) -> tuple[Place, ...]:
    """Return where journals of this root may be; new ones belong in the first.

    A project can become a git repository after its first run, so the state directory is always looked at.
    """
    in_state = Place(state_directory(), f"journal/{_short(os.fspath(root))}")
    found = _git_directory(root)
    if found is None:
        return (in_state,)
    work_tree, git_directory = found
    # Not the absolute path: a repository that was moved finds its unfinished run and says so.
    within = root.relative_to(work_tree).as_posix()
    return Place(git_directory, f"orchestra/journal/{_short(within)}"), in_state


def _git_directory(root: Path) -> tuple[Path, Path] | None:
    for work_tree in (root, *root.parents):
        entry = work_tree / ".git"
        candidate = _pointed_to(entry) if entry.is_file() else entry
        if candidate is not None and _is_usable(candidate):
            return work_tree, candidate.resolve()
    return None


def _pointed_to(entry: Path) -> Path | None:
    """Read the `.git` file of a worktree or submodule (gitrepository-layout in git's manual)."""
    try:
        with entry.open("rb") as file:
            text = os.fsdecode(file.read(_LONGEST_POINTER)).strip()
    except OSError:
        return None
    if not text.startswith(_POINTER):
        return None
    return entry.parent / text.removeprefix(_POINTER).strip()


def _is_usable(directory: Path) -> bool:
    """Tell whether this is a git directory of the user's own; one that another planted is not trusted."""
    try:
        owner = directory.stat().st_uid
        return (directory / "HEAD").is_file() and (owner == os.geteuid() or os.geteuid() == 0)
    except OSError:
        return False


def _short(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]
