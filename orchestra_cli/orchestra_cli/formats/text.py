"""For people: what the report says of itself, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra_cli.report import Report
    from orchestra_cli.terminal import Style


def render(report: Report, style: Style) -> str:
    """Return the report's lines."""
    return "".join(f"{line}\n" for line in report.lines(style))
