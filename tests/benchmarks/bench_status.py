"""What it costs to show how far a migration with very many places is."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from orchestra_cli.formats import json as json_format
from orchestra_cli.reports.status import StatusReport, markdown
from orchestra_cli.reports.status_page import status_page
from orchestra_cli.standing.model import STATES, Place, Point, Progress, Standing
from orchestra_cli.terminal import Style
from tests.benchmarks.measure import Row, command, function, interleaved

PEER = "python -c pass"
SITES = 10_000
FORMS = ("import", "call", "call-awaited", "construction", "patch-string", "annotation")


def rows() -> Iterator[Row]:
    """Yield a row for each form of the status of 10,000 sites."""
    progress = _progress()
    report = StatusReport(progress)
    clocks = {
        PEER: command([sys.executable, "-c", "pass"]),
        f"status of {SITES:,} sites, text": function(lambda: list(report.lines(Style()))),
        f"status of {SITES:,} sites, page": function(lambda: status_page(progress)),
        f"status of {SITES:,} sites, Markdown": function(lambda: markdown(progress)),
        f"status of {SITES:,} sites, JSON": function(lambda: json_format.render(report, Style())),
    }
    medians = interleaved(clocks)
    for what in list(clocks)[1:]:
        yield Row(what, 10.0, PEER, medians[PEER], medians[what])


def _progress() -> Progress:
    standings = tuple(
        Standing(
            f"orchestrator_{number}",
            STATES[number % 3],
            "domain",
            f"src/shop/part_{number}/orchestrator.py",
            tuple(
                Place(f"src/shop/part_{site}/caller.py", site + 1, FORMS[site % len(FORMS)])
                for site in range(SITES // 100)
            ),
            "it is still used",
            f"orchestra migrate orchestrator_{number}",
        )
        for number in range(100)
    )
    course = tuple(Point(f"{day:040}", f"2026-11-{day:02}", day, 99, 1, 900, 3, 2) for day in range(1, 13))
    return Progress(standings, course=course)
