"""For GitHub Actions: workflow commands that become annotations of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra_cli.reports.findings import Findings
    from orchestra_cli.terminal import Style


def render(report: Findings, style: Style) -> str:
    """Return a command a finding (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    del style
    lines = []
    for one in report.new:
        place = {
            "file": one.path,
            "line": one.span.line,
            "endLine": one.span.end_line or one.span.line,
            "col": one.span.column + 1,
            "endColumn": one.span.end_column + 1,
            "title": f"{one.code} {one.rule}",
        }
        if one.span.end_line > one.span.line:
            del place["col"], place["endColumn"]  # GitHub refuses columns over several lines
        given = ",".join(f"{name}={_property(str(value))}" for name, value in place.items())
        lines.append(f"::warning {given}::{_data(one.message)}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
