"""How a project sorts its imports, in the words of isort."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from orchestra_codemods.migrations.style.tables import Tables

if TYPE_CHECKING:
    from isort.settings import Config

Options = tuple[tuple[str, Any], ...]
"""Settings of isort and their values, sorted and hashable."""

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


def options_of(tables: Tables) -> Iterator[Options]:
    """Yield the ways of sorting that may be meant; one where it is configured."""
    if tables.isort is not None and not tables.sorts_with_ruff:
        yield _hashable({"profile": "", **tables.isort})
    elif tables.sorts_with_ruff or tables.isort_of_ruff:
        yield _hashable(_as_isort(tables.isort_of_ruff))
    else:
        yield from (_hashable(each) for each in _USUAL)


@lru_cache(maxsize=64)
def sortings_of(options: tuple[Options, ...], first_party: frozenset[str], width: int) -> tuple[Config, ...]:
    """Return settings that isort takes; what it does not take is left out."""
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
        elsewhere = {
            name for key, value in given.items() if key.startswith("known_") for name in _list(value)
        }
        given["known_first_party"] = [*(first_party - elsewhere), *_list(given.get("known_first_party", ()))]
        try:
            found.append(Config(src_paths=(), **given))
        except (ISortError, TypeError, ValueError, AttributeError):
            continue
    return tuple(found)


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


def _hashable(table: Mapping[str, Any]) -> Options:
    known = {key: value for key, value in table.items() if _OF_ISORT.fullmatch(key)}
    return tuple(
        (key, tuple(map(str, value)) if isinstance(value, list | tuple) else value)
        for key, value in sorted(known.items())
    )


def _list(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)
