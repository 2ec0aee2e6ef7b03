"""For terminals and editors: one line a finding, `path:line:column: code message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra_cli.reports.findings import Findings
    from orchestra_cli.terminal import Style


def render(report: Findings, style: Style) -> str:
    """Return a line a finding."""
    del style
    return "".join(
        f"{one.path}:{one.span.line}:{one.span.column + 1}: {one.code} {one.message}\n" for one in report.new
    )
