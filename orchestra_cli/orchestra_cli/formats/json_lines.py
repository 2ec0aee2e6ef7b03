"""For programs that read while it goes on: each JSON object on a line of its own (https://jsonlines.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra_cli.formats.json import document

if TYPE_CHECKING:
    from orchestra_cli.report import Report
    from orchestra_cli.terminal import Style


def render(report: Report, style: Style) -> str:
    """Return the report's data as one line, which has no colour whatever the style."""
    del style
    return document(report.command, report.data())
