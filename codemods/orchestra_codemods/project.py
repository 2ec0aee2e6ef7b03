"""A tree of files as one immutable value: read once, changed in memory, compared by digest."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestra_codemods.change import Change, Skipped
from orchestra_codemods.config import Config
from orchestra_codemods.source import PYTHON_SUFFIXES, Source, SourceError

_RECENT = 2
"""Versions of a project that are kept, with all that is derived from them."""


class Tree:
    """The files of a folder as they are on disk, shared by everything that is derived from one scan.

    Holds only what was asked for by name, so that looking through a large tree does not keep it in memory.
    """

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        self._root = f"{root}/"
        self.paths = dict.fromkeys(sorted(set(paths)))
        self.read: dict[str, Source] = {}
        self.recent: deque[Project] = deque(maxlen=_RECENT)

    def source(self, path: str) -> Source:
        """Return a file as text. Raises SourceError and OSError."""
        if path not in self.read:
            self.read[path] = Source.from_bytes(path, self._bytes(path))
        return self.read[path]

    def data(self, path: str) -> bytes:
        """Return the bytes of a file without keeping them."""
        return self.read[path].data if path in self.read else self._bytes(path)

    def _bytes(self, path: str) -> bytes:
        with open(self._root + path, "rb", buffering=0) as stream:  # noqa: PTH123  a path object costs more than reading
            return stream.read()


class Sources(Mapping[str, Source]):
    """The files of a tree by path, read from disk when first asked for, with changes laid over them.

    Iterates in sorted order. Raises SourceError, from ``[]``, for a file that is not text, and OSError for
    one that vanished. ``tree`` has what is on disk, ``changed`` the files that are otherwise here; all
    versions of a project share the first, so that what is known of a file which no change touched is
    found out once.
    """

    def __init__(self, root: Path, paths: Iterable[str], changed: Mapping[str, Source] | None = None) -> None:
        self.tree = Tree(root, paths)
        self.changed: Mapping[str, Source] = dict(changed or {})
        self._paths = _with(self.tree.paths, self.changed)

    def __getitem__(self, path: str) -> Source:
        if path in self.changed:
            return self.changed[path]
        if path not in self._paths:
            raise KeyError(path)
        return self.tree.source(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def data(self, path: str) -> bytes:
        """Return the bytes of a file without keeping them."""
        return self.changed[path].data if path in self.changed else self.tree.data(path)

    def text(self, path: str) -> str:
        """Return the text of a file, empty where it cannot be read: others report that."""
        try:
            return self[path].text
        except (OSError, SourceError):
            return ""

    def has(self, path: str, pattern: re.Pattern[bytes]) -> bool:
        """Tell whether a pattern is found in the bytes of a file that can be read, without keeping them."""
        try:
            return pattern.search(self.data(path)) is not None
        except OSError:
            return False

    @property
    def is_as_on_disk(self) -> bool:
        """Whether no change was made."""
        return not self.changed and len(self._paths) == len(self.tree.paths)

    def is_same_as(self, other: Sources) -> bool:
        """Tell whether another version of this tree has exactly these files."""
        return self._paths.keys() == other._paths.keys() and self.changed == other.changed

    def is_on_disk(self, path: str) -> bool:
        """Tell whether a file of these is as the tree has it."""
        return path in self._paths and path not in self.changed

    @property
    def is_changed(self) -> bool:
        """Whether some file was read already or changed in memory: the folder may not have what this has."""
        return bool(self.changed or self.tree.read)

    def python_paths(self) -> Iterator[str]:
        """Yield the paths of Python files, sorted."""
        return (path for path in self._paths if path.endswith(PYTHON_SUFFIXES))

    def updated(self, changes: Iterable[Change]) -> Sources:
        """Return these files with changes made in memory."""
        made = Sources.__new__(Sources)
        made.tree, paths, changed = self.tree, dict(self._paths), dict(self.changed)
        for change in changes:
            if change.before is not None:
                changed.pop(change.before.path, None)
                if change.after is None or change.after.path != change.before.path:
                    paths.pop(change.before.path, None)
            if change.after is not None:
                changed[change.after.path] = change.after
        made.changed, made._paths = changed, _with(paths, changed)  # noqa: SLF001  one of our own
        return made


def _with(paths: dict[str, None], changed: Iterable[str]) -> dict[str, None]:
    fresh = [path for path in changed if path not in paths]
    return dict.fromkeys(sorted([*paths, *fresh])) if fresh else paths


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Project:
    """A root, its files and its settings.

    What is derived from them (names, inventory) is computed on demand and remembered per project.
    ``skipped`` names what was found and is not among the files, with the reason.
    """

    root: Path
    sources: Sources
    config: Config
    skipped: tuple[Skipped, ...] = ()

    def updated(self, changes: Iterable[Change]) -> Project:
        """Return the project as it would be after the changes.

        The same object for the same files, as long as it is one of the last that were asked for: a plan, its
        proof and its second run look at one state, and what is derived from it is worked out once.
        """
        sources = self.sources.updated(changes)
        recent = sources.tree.recent
        for known in recent:
            if known.sources.is_same_as(sources) and known.config == self.config:
                return known
        made = Project(self.root, sources, self.config, self.skipped)
        recent.append(made)
        return made
