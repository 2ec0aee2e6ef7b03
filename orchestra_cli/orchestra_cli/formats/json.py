"""For programs: one JSON object that names its schema (docs/reference/schemas)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra_cli.report import Report
    from orchestra_cli.terminal import Style

VERSION = 1


def render(report: Report, style: Style) -> str:
    """Return the report's data as indented JSON, which has no colour whatever the style."""
    del style
    return document(report.command, report.data(), indent=2)


def document(schema: str, data: Mapping[str, Any], indent: int | None = None) -> str:
    """Return an object that names its schema, as text that every UTF-8 can hold.

    Half of a surrogate pair, such as undecodable bytes in the name of a file, is written as JSON's escape.
    """
    from json import dumps

    text = dumps({"schema": f"orchestra/{schema}/{VERSION}", **data}, indent=indent, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
