"""The deprecation record of a module that moved, in `deprecations.toml` at the project's root."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orchestra_codemods.deprecations import record
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.source import Source

PATH = record.PATH


def with_records(
    before: Source | None, moves: Sequence[Placement], owner: str | None, remove_on: date
) -> Source:
    """Return the file with one table a moved module; what it holds already stays as it is written."""
    known = {one.name for one in record.read_records(before)}
    fresh = [
        record.Record(
            name=move.module,
            path=move.path,
            replacement=move.new_module,
            owner=owner,
            remove_on=remove_on,
        )
        for move in sorted(moves, key=lambda one: one.module)
        if move.module not in known
    ]
    return record.with_records(before, fresh)
