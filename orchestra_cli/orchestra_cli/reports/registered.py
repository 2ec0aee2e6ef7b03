"""The registered orchestrators, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orchestra_cli.terminal import Style


class RegisteredReport:
    """Rows as the JSON has them; a plain class, since the fast path of `orchestra list` makes one too."""

    command = "list"

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows = rows

    def data(self) -> Mapping[str, Any]:
        """Return the rows."""
        return {"orchestrators": list(self.rows)}

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line an orchestrator, in columns."""
        if not self.rows:
            yield "no orchestrators are registered"
            return
        table = [_cells(row) for row in self.rows]
        widths = [max(len(cells[column]) for cells in table) for column in range(4)]
        for name, layer, kind, home, operations in table:
            columns = (
                style.cyan(name.ljust(widths[0])),
                layer.ljust(widths[1]),
                kind.ljust(widths[2]),
                home.ljust(widths[3]),
                style.dim(operations),
            )
            yield "  ".join(columns).rstrip()


def _cells(row: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    home = f"{row['module']}.{row['class']}" if row["module"] else "?"
    return row["name"], row["layer"] or "?", row["type"] or "?", home, ", ".join(row["operations"])
