"""The deprecation record of a module that moved, in `deprecations.toml` at the project's root."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.source import Source

if TYPE_CHECKING:
    from tomlkit.items import Table

PATH = "deprecations.toml"


def with_records(
    before: Source | None, moves: Sequence[Placement], owner: str | None, remove_on: date
) -> Source:
    """Return the file with one table a moved module; what it holds already stays as it is written."""
    import tomlkit

    written = tomlkit.parse(before.text).get("module", ()) if before is not None else ()
    known = {str(table.get("name")) for table in written}
    tables = tomlkit.aot()
    for move in sorted(moves, key=lambda one: one.module):
        if move.module not in known:
            tables.append(_record(move, owner, remove_on))
    if not tables:
        return before or Source.new(PATH, "")
    document = tomlkit.document()
    document["module"] = tables
    text = tomlkit.dumps(document)
    if before is None:
        return Source.new(PATH, text)
    gap = before.newline if before.text.endswith(("\n", "\r")) else before.newline * 2
    return before.with_text(before.text + gap + text.replace("\n", before.newline))


def _record(move: Placement, owner: str | None, remove_on: date) -> Table:
    import tomlkit

    table = tomlkit.table()
    table["name"] = move.module
    table["path"] = move.path
    table["replacement"] = move.new_module
    if owner:
        table["owner"] = owner
    table["remove_on"] = remove_on
    return table
