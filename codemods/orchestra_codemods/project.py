"""A tree of files as one immutable value: read once, changed in memory, compared by digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestra_codemods.change import Change, Skipped
from orchestra_codemods.config import Config
from orchestra_codemods.source import PYTHON_SUFFIXES, Source


class Sources(Mapping[str, Source]):
    """The files of a tree by path, read from disk when first asked for, with changes laid over them.

    Iterates in sorted order. Raises SourceError, from ``[]``, for a file that is not text, and OSError for
    one that vanished. Holds only what was asked for by name, so that looking through a large tree does not
    keep it in memory.
    """

    def __init__(self, root: Path, paths: Iterable[str], changed: Mapping[str, Source] | None = None) -> None:
        self._root = root
        self._read: dict[str, Source] = dict(changed or {})
        self._paths = dict.fromkeys(sorted({*paths, *self._read}))

    def __getitem__(self, path: str) -> Source:
        if path not in self._paths:
            raise KeyError(path)
        if path not in self._read:
            self._read[path] = Source.from_bytes(path, (self._root / path).read_bytes())
        return self._read[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def data(self, path: str) -> bytes:
        """Return the bytes of a file without keeping them."""
        if path in self._read:
            return self._read[path].data
        return (self._root / path).read_bytes()

    @property
    def is_changed(self) -> bool:
        """Whether some file was read already or changed in memory: the folder may not have what this has."""
        return bool(self._read)

    def python_paths(self) -> Iterator[str]:
        """Yield the paths of Python files, sorted."""
        return (path for path in self._paths if path.endswith(PYTHON_SUFFIXES))

    def matching(self, pattern: re.Pattern[bytes], paths: Iterable[str] | None = None) -> Iterator[str]:
        """Yield the paths whose bytes match: the cheap filter before parsing. OSError is passed on."""
        return (path for path in (self if paths is None else paths) if pattern.search(self.data(path)))

    def updated(self, changes: Iterable[Change]) -> Sources:
        """Return these files with changes made in memory."""
        paths = dict(self._paths)
        read = dict(self._read)
        for change in changes:
            if change.before is not None:
                paths.pop(change.before.path, None)
                read.pop(change.before.path, None)
            if change.after is not None:
                paths[change.after.path] = None
                read[change.after.path] = change.after
        return Sources(self._root, paths, read)


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
        """Return the project as it would be after the changes."""
        return Project(self.root, self.sources.updated(changes), self.config, self.skipped)
