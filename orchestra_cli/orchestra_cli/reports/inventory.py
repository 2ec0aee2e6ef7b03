"""The inventory: a table that a person can decide from, and the JSON that other programs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orchestra_cli.terminal import Style
from orchestra_codemods.inventory import Inventory, LegacyOrchestrator, to_json

_HEADINGS = ("NAME", "LAYER", "TYPE", "SURE", "OPERATIONS", "TASKS", "CALLERS", "WHERE")


@dataclass(frozen=True, slots=True)
class InventoryReport:
    """All candidates, refused ones included. ``is_long`` adds reasons and callers to the text."""

    inventory: Inventory
    is_long: bool = False
    command: str = "scan"

    def data(self) -> Mapping[str, Any]:
        """Return the orchestrators, the accounting of mentions, and the files that could not be read."""
        whole = to_json(self.inventory)
        return {key: value for key, value in whole.items() if key != "schema"}

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line for each that can be migrated, then the refused ones with reason and remedy."""
        found = [each for each in self.inventory.orchestrators if each.refused is None]
        refused = [each for each in self.inventory.orchestrators if each.refused is not None]
        if found:
            yield from self._table(found, style)
        for each in refused:
            assert each.refused is not None
            place = f"{style.bold(each.class_name)} {each.path}:{each.line}"
            yield f"{style.yellow('refused')} {place}: {each.refused.why}"
            yield f"  {style.dim(each.refused.what_to_do)}"
        callers = sum(len(each.callers) for each in found)
        yield f"{_count(found, 'legacy orchestrator')} with {callers} references, {len(refused)} refused"

    def _table(self, found: list[LegacyOrchestrator], style: Style) -> Iterator[str]:
        table = [_HEADINGS, *(_cells(each) for each in found)]
        widths = [max(len(row[column]) for row in table) for column in range(len(_HEADINGS))]
        for number, row in enumerate(table):
            padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            line = "  ".join((style.cyan(padded[0]) if number else padded[0], *padded[1:])).rstrip()
            yield line if number else style.dim(line)
            if number and self.is_long:
                yield from _details(found[number - 1], style)


def _details(each: LegacyOrchestrator, style: Style) -> Iterator[str]:
    yield f"    {style.dim(f'{each.class_name}, pattern {each.pattern}')}"
    yield from (f"    {reason}" for reason in each.reasons)
    for caller in each.callers:
        yield f"    {style.dim(f'{caller.path}:{caller.line}')} {caller.form}"


def _cells(each: LegacyOrchestrator) -> tuple[str, ...]:
    return (
        each.name,
        str(each.layer),
        each.type,
        f"{each.confidence:.0%}",
        str(len(each.operations)),
        str(len(each.background_tasks)),
        str(len(each.callers)),
        f"{each.path}:{each.line}-{each.end_line}",
    )


def _count(items: list[LegacyOrchestrator], what: str) -> str:
    return f"{len(items)} {what}{'' if len(items) == 1 else 's'}"
