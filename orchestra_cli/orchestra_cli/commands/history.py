"""Lists journaled changes."""

from __future__ import annotations

from orchestra_cli.options import OutputFormat
from orchestra_cli.session import Session


def command(session: Session, output_format: OutputFormat = "text") -> int:
    """List the changes that can be taken back.

    Newest first, with what became of each: applied, undone, rolled back, unfinished, or unreadable and why.
    `orchestra undo ID` takes one back.
    """
    from orchestra_cli.reports.runs import Runs
    from orchestra_codemods.apply import history

    runs = history(session.locate().root)
    session.show(Runs(tuple(runs)), output_format)
    return 0
