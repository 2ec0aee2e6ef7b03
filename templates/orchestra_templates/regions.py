"""Regions of a template: lines between `# region …` and `# endregion`, as editors fold them.

    # region each operation      the lines once for each operation for which the template has no code
    # region if NAME…            the lines when one of the names is wanted
    # region all NAME…           the lines when all of the names are wanted
    # region unless NAME…        the lines when none of the names is wanted

After `each` stands `operation`, `dependency` or `background`. Names are those of the template's own
operations and background tasks, or `operation`, `dependency`, `background` (there is one at all) and
`durable`. Regions may be nested. Rendering keeps, drops or repeats whole lines, and runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

KINDS = ("operation", "dependency", "background")
_OPENING = re.compile(r"\s*# region\b(.*)")
_CLOSING = re.compile(r"\s*# endregion\b")


@dataclass(slots=True)
class Region:
    """A marked part of a template: what its first line says, and the lines and regions inside."""

    line: int
    rule: str = ""
    words: tuple[str, ...] = ()
    parts: list[str | Region] = field(default_factory=list)


class Problem(NamedTuple):
    """Something that is wrong at a line, and what to do about it."""

    line: int
    message: str
    hint: str


def read_regions(text: str) -> tuple[Region, list[Problem]]:
    """Return the whole text as one region, and what is wrong with the marks in it."""
    problems: list[Problem] = []
    stack = [Region(0)]
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if opening := _OPENING.match(line):
            region = _opened(number, opening.group(1).split(), problems)
            stack[-1].parts.append(region)
            stack.append(region)
        elif _CLOSING.match(line):
            if len(stack) == 1:
                problems.append(Problem(number, "`# endregion` without a region", "Delete the line."))
            else:
                stack.pop()
        else:
            stack[-1].parts.append(line)
    problems += (
        Problem(region.line, "the region has no `# endregion`", "Write `# endregion` where it ends.")
        for region in stack[1:]
    )
    return stack[0], problems


def select(
    region: Region,
    wanted: frozenset[str],
    repeat: Callable[[str, str], Sequence[str]],
    adapt: Callable[[Region, str], str],
) -> str:
    """Return the lines that are kept.

    ``repeat(kind, text)`` returns the text once for each item of a kind. ``adapt(region, text)`` may rename
    something in the text of a region that is kept.
    """
    text = "".join(
        part if isinstance(part, str) else select(part, wanted, repeat, adapt) for part in region.parts
    )
    if region.rule == "each":
        return "".join(repeat(region.words[0], text))
    if region.rule == "if" and not wanted.intersection(region.words):
        return ""
    if region.rule == "unless" and wanted.intersection(region.words):
        return ""
    if region.rule == "all" and not wanted.issuperset(region.words):
        return ""
    return adapt(region, text)


def regions_in(region: Region) -> Iterator[Region]:
    """Yield every region inside, outermost first."""
    for part in region.parts:
        if isinstance(part, Region):
            yield part
            yield from regions_in(part)


def _opened(number: int, words: list[str], problems: list[Problem]) -> Region:
    rule, *others = words or [""]
    names = tuple(others)
    if rule not in ("each", "if", "all", "unless") or not names:
        hint = "Write `# region each operation`, or `if`, `all` or `unless` and names."
        problems.append(Problem(number, f"`# region {' '.join(words)}` is not understood", hint))
        return Region(number)
    if rule == "each" and (words[1:] not in [[kind] for kind in KINDS]):
        hint = f"After `each` stands one of {', '.join(KINDS)}."
        problems.append(Problem(number, f"`# region {' '.join(words)}` repeats nothing", hint))
        return Region(number)
    return Region(number, rule, names)
