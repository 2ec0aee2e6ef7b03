"""For GitLab: a Code Quality report, with a fingerprint that is unique in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestra_cli.reports.findings import Findings
    from orchestra_cli.terminal import Style


def render(report: Findings, style: Style) -> str:
    """Return the JSON list (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format)."""
    from json import dumps

    del style
    seen: Counter[str] = Counter()
    issues = []
    for one in report.new:
        seen[one.fingerprint] += 1
        count = seen[one.fingerprint]
        issues.append(
            {
                "description": f"{one.code} {one.rule}: {one.message}",
                "check_name": one.rule,
                "fingerprint": one.fingerprint if count == 1 else f"{one.fingerprint}-{count}",
                "severity": "major",
                "location": {
                    "path": one.path,
                    "lines": {"begin": one.span.line, "end": one.span.end_line or one.span.line},
                },
            }
        )
    return dumps(issues, indent=2, ensure_ascii=False) + "\n"
