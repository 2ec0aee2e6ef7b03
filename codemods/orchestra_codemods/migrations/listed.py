"""Names taken out of the list that an import statement has of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from orchestra_codemods.change import Edit
from orchestra_codemods.names import ImportSite

Stretch = tuple[int, int]


def stretches(statement: ImportSite) -> list[Stretch]:
    """Return where each name of a statement stands, with its alias."""
    return [(one.place.start, (one.alias_place or one.place).end) for one in statement.names]


def without(names: Sequence[Stretch], leaving: Collection[int]) -> Iterator[Edit]:
    """Yield the edits that take names out of a list, by their numbers; one at least stays."""
    last_kept = max(number for number in range(len(names)) if number not in leaving)
    for number in sorted(leaving):
        if number < last_kept:
            yield Edit(names[number][0], names[number + 1][0], "")
    if last_kept + 1 < len(names):
        yield Edit(names[last_kept][1], names[-1][1], "")
