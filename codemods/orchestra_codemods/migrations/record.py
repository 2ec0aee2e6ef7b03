"""The deprecation record of a module that moved, in `deprecations.toml` at the project's root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from orchestra_codemods.deprecations import record
from orchestra_codemods.deprecations.users import User, blocking_paths
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.source import Source

PATH = record.PATH


def without_record(before: Source | None, moves: Sequence[Placement]) -> list[Placement]:
    """Return the moves whose old module has no record yet, sorted by its name."""
    known = {one.name for one in record.read_records(before)}
    return sorted((move for move in moves if move.module not in known), key=lambda one: one.module)


def with_records(
    before: Source | None,
    moves: Sequence[Placement],
    users: Mapping[str, Sequence[User]],
    owner: str | None,
    remove_on: date,
) -> Source:
    """Return the file with one table a moved module; what it holds already stays as it is written.

    ``users`` are those of each old module, by its path, after the migration.
    """
    fresh = [
        record.Record(
            name=move.module,
            path=move.path,
            replacement=move.new_module,
            owner=owner,
            remove_on=remove_on,
            users=blocking_paths(users[move.path]),
        )
        for move in moves
    ]
    return record.with_records(before, fresh)
