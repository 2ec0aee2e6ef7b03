"""The deprecation record of a module that moved, in `deprecations.toml` at the project's root."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.source import Source

PATH = "deprecations.toml"


def with_records(
    before: Source | None, moves: Sequence[Placement], owner: str | None, remove_on: date
) -> Source:
    """Return the file with one table a moved module; what it holds already stays as it is written."""
    import tomlkit

    document = tomlkit.parse(before.text) if before is not None else tomlkit.document()
    tables = document.get("module")
    if tables is None:
        tables = tomlkit.aot()
        document["module"] = tables
    known = {str(table.get("name")) for table in tables}
    for move in sorted(moves, key=lambda one: one.module):
        if move.module in known:
            continue
        table = tomlkit.table()
        table["name"] = move.module
        table["path"] = move.path
        table["replacement"] = move.new_module
        if owner:
            table["owner"] = owner
        table["remove_on"] = remove_on
        tables.append(table)
    text = tomlkit.dumps(document)
    return Source.new(PATH, text) if before is None else before.with_text(text)
