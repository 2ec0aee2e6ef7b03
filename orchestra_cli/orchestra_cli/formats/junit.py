"""For build servers: JUnit XML, one case a finding; without findings one case that passed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra_cli.reports.findings import Findings
    from orchestra_cli.terminal import Style

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Findings, style: Style) -> str:
    """Return the document."""
    from xml.sax.saxutils import escape, quoteattr

    del style
    count = len(report.new)
    cases = []
    for one in report.new:
        name = quoteattr(_clean(f"{one.code} {one.rule} line {one.span.line}"))
        message = quoteattr(_clean(one.message))
        text = escape(_clean(f"{one.path}:{one.span.line}:{one.span.column + 1} {one.message}"))
        place = quoteattr(_clean(one.path))
        cases.append(
            f'    <testcase name={name} classname={place} time="0">\n'
            f'      <failure message={message} type="{escape(one.code)}">{text}</failure>\n    </testcase>\n'
        )
    if not cases:
        cases = ['    <testcase name="no findings" classname="orchestra.lint" time="0"/>\n']
    total = max(count, 1)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<testsuites name="orchestra lint" tests="{total}" failures="{count}" errors="0" time="0">\n'
        f'  <testsuite name="orchestra lint" tests="{total}" failures="{count}" errors="0" time="0">\n'
        f"{''.join(cases)}  </testsuite>\n</testsuites>\n"
    )


def _clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
