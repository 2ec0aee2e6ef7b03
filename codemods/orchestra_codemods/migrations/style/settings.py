"""The settings of a project's formatters: its line length, and how its imports are sorted.

Read from ruff, black, isort and flake8, in the nearest folder above a file that has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from orchestra_codemods.migrations.style.sorting import Options, options_of, sortings_of
from orchestra_codemods.migrations.style.tables import Tables, tables_for
from orchestra_codemods.project import Project

if TYPE_CHECKING:
    from isort.settings import Config

_WIDTHS = (88, 100, 120)
_DEFAULT = 88
_OF_FLAKE8 = 79
_ROOTS = (".", "src")


@dataclass(frozen=True, slots=True)
class Style:
    """What is known of how files in one place are written.

    ``width`` is the configured line length, None where nothing says it. ``options`` are the ways of sorting
    imports that may be meant, as isort names its settings; one where it is configured.
    """

    width: int | None
    options: tuple[Options, ...]
    first_party: frozenset[str]

    def width_of(self, text: str) -> int:
        """Return the line length: the configured one, or the usual one that a text keeps to."""
        if self.width is not None:
            return self.width
        longest = max(map(len, text.splitlines()), default=0)
        return next((each for each in _WIDTHS if longest <= each), _WIDTHS[-1])

    def sortings(self, width: int) -> tuple[Config, ...]:
        """Return the settings of isort that may be those of the project, the likeliest first."""
        return sortings_of(self.options, self.first_party, width)


def style_of(project: Project, path: str) -> Style:
    """Return how a file is written, or would be: by the settings in the folders above it."""
    tables = tables_for(project, path)
    roots = [_joined(tables.folder, each) for each in tables.roots or _ROOTS]
    first_party = frozenset().union(*(_top_level(project, root) for root in roots))
    return Style(_width(tables), tuple(options_of(tables)), first_party | {_own_package(project, path)})


def _width(tables: Tables) -> int | None:
    for table, key in (
        (tables.ruff, "line-length"),
        (tables.black, "line-length"),
        (tables.isort, "line_length"),
    ):
        found = (table or {}).get(key)
        if str(found).isdecimal():
            return int(str(found))
    if tables.ruff is not None or tables.black is not None:
        return _DEFAULT
    if tables.flake8 is not None:
        found = str(tables.flake8.get("max-line-length", tables.flake8.get("max_line_length", _OF_FLAKE8)))
        return int(found) if found.isdecimal() else _OF_FLAKE8
    return None


_of_projects: WeakKeyDictionary[Project, dict[str, frozenset[str]]] = WeakKeyDictionary()


def _top_level(project: Project, root: str) -> frozenset[str]:
    """Return the names of modules and folders in a folder."""
    known = _of_projects.setdefault(project, {})
    if root not in known:
        known[root] = frozenset(_names_in(project.sources, f"{root}/" if root else ""))
    return known[root]


def _names_in(paths: Iterable[str], prefix: str) -> Iterator[str]:
    for path in paths:
        if path.startswith(prefix):
            name, slash, _ = path[len(prefix) :].partition("/")
            if slash or name.endswith(".py"):
                yield name.removesuffix(".py")


def _own_package(project: Project, path: str) -> str:
    """Return the name of the outermost package that a file is in."""
    folder, name = path.rpartition("/")[0], ""
    while folder and f"{folder}/__init__.py" in project.sources:
        folder, _, name = folder.rpartition("/")
    return name


def _joined(folder: str, path: str) -> str:
    found = normpath(join(folder, path))
    return "" if found == "." else found
