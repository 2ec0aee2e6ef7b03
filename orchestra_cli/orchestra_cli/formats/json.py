"""For programs: one JSON object that names its schema (docs/reference/schemas)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra_cli.report import Report
    from orchestra_cli.terminal import Style

VERSION = 1


def render(report: Report, style: Style) -> str:
    """Return the report's data as indented JSON, which has no colour whatever the style."""
    del style
    from json import dumps

    document = {"schema": f"orchestra/{report.command}/{VERSION}", **report.data()}
    return dumps(document, indent=2, ensure_ascii=False) + "\n"
