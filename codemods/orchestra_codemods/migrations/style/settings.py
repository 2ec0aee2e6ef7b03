"""The settings of a project's formatters: its line length, and how its imports are sorted.

Read from ruff, black, isort and flake8, in the nearest folder above a file that has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from orchestra_codemods.migrations.style.tables import Tables, tables_for
from orchestra_codemods.project import Project

if TYPE_CHECKING:
    from isort.settings import Config

_WIDTHS = (88, 100, 120)
_DEFAULT = 88
_OF_FLAKE8 = 79
_ROOTS = (".", "src")
_USUAL: tuple[Mapping[str, Any], ...] = (
    {},
    {"force_sort_within_sections": True},
    {"combine_as_imports": True},
    {"force_single_line": True},
)
_OF_ISORT = re.compile(
    r"case_sensitive|classes|combine_as_imports|combine_star|constants|default_section"
    r"|ensure_newline_before_comments|extra_standard_library|force_alphabetical_sort"
    r"|force_alphabetical_sort_within_sections|force_grid_wrap|force_single_line"
    r"|force_sort_within_sections|force_to_top|forced_separate|from_first|include_trailing_comma|known_\w+"
    r"|length_sort|length_sort_straight|line_length|lines_after_imports|lines_between_sections"
    r"|lines_between_types|multi_line_output|no_lines_before|no_sections|order_by_type|profile"
    r"|reverse_relative|reverse_sort|sections|single_line_exclusions|split_on_trailing_comma|star_first"
    r"|use_parentheses|variables|wrap_length"
)


@dataclass(frozen=True, slots=True)
class Style:
    """What is known of how files in one place are written.

    ``width`` is the configured line length, None where nothing says it. ``options`` are the ways of sorting
    imports that may be meant, as isort names its settings; one where it is configured.
    """

    width: int | None
    options: tuple[tuple[tuple[str, Any], ...], ...]
    first_party: frozenset[str]

    def width_of(self, text: str) -> int:
        """Return the line length: the configured one, or the usual one that a text keeps to."""
        if self.width is not None:
            return self.width
        longest = max(map(len, text.splitlines()), default=0)
        return next((each for each in _WIDTHS if longest <= each), _WIDTHS[-1])

    def sortings(self, width: int) -> tuple[Config, ...]:
        """Return the settings of isort that may be those of the project, the likeliest first."""
        return _sortings(self.options, self.first_party, width)


def style_of(project: Project, path: str) -> Style:
    """Return how a file is written, or would be: by the settings in the folders above it."""
    tables = tables_for(project, path)
    roots = [_joined(tables.folder, each) for each in tables.roots or _ROOTS]
    first_party = frozenset().union(*(_top_level(project, root) for root in roots))
    return Style(_width(tables), tuple(_options(tables)), first_party | {_own_package(project, path)})


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


def _options(tables: Tables) -> Iterator[tuple[tuple[str, Any], ...]]:
    if tables.isort is not None and not tables.sorts_with_ruff:
        yield _hashable({"profile": "", **tables.isort})
    elif tables.sorts_with_ruff or tables.isort_of_ruff:
        yield _hashable(_as_isort(tables.isort_of_ruff))
    else:
        yield from (_hashable(each) for each in _USUAL)


def _as_isort(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings of ruff under the names that they have in isort."""
    found = {key.replace("-", "_"): value for key, value in table.items()}
    order = found.pop("section_order", None)
    if order is not None:
        own = found.pop("sections", {})
        found |= {f"known_{name}": modules for name, modules in dict(own).items()}
        found["sections"] = [str(name).upper().replace("-", "") for name in order]
    for key in ("no_lines_before", "default_section"):
        if key in found:
            value = found[key]
            is_one = isinstance(value, str)
            found[key] = _section(value) if is_one else [_section(each) for each in value]
    if found.pop("relative_imports_order", "") == "closest-to-furthest":
        found["reverse_relative"] = True
    return found


def _section(name: object) -> str:
    return str(name).upper().replace("-", "")


def _hashable(table: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    known = {key: value for key, value in table.items() if _OF_ISORT.fullmatch(key)}
    return tuple(
        (key, tuple(map(str, value)) if isinstance(value, list | tuple) else value)
        for key, value in sorted(known.items())
    )


@lru_cache(maxsize=64)
def _sortings(
    options: tuple[tuple[tuple[str, Any], ...], ...], first_party: frozenset[str], width: int
) -> tuple[Config, ...]:
    from isort.exceptions import ISortError
    from isort.profiles import profiles
    from isort.settings import Config

    found = []
    for each in options:
        given: dict[str, Any] = {"profile": "black", "split_on_trailing_comma": True, **dict(each)}
        if given["profile"] not in profiles:
            del given["profile"], given["split_on_trailing_comma"]
        if not {"profile", "line_length"} & dict(each).keys() or given.get("profile") == "black":
            given.setdefault("line_length", width)
        given["known_first_party"] = [*first_party, *given.get("known_first_party", ())]
        try:
            found.append(Config(src_paths=(), **given))
        except (ISortError, TypeError, ValueError, AttributeError):
            continue
    return tuple(found)


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
    from posixpath import join, normpath

    found = normpath(join(folder, path))
    return "" if found == "." else found
