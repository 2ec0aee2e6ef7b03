"""Undo and resume: the same report as for any command that writes, over the journal's own plan."""

from __future__ import annotations

from collections.abc import Sequence

from orchestra_cli.reports.changes import ChangeReport
from orchestra_cli.session import Session
from orchestra_cli.writing import Writing, conclude

Escapes = tuple[Sequence[str], Sequence[str]]
"""Paths to keep as they are, and runs to trust although another key sealed them."""


def take_back(
    session: Session, run: str | None, writing: Writing, escapes: Escapes, output_format: str
) -> int:
    """Undo a run, or tell what would become of it."""
    from orchestra_codemods.apply import preview_undo, undo

    root = session.locate().root
    keep, trusted = escapes
    if writing.is_wanted:
        outcome = undo(root, run, keep=keep, trusted=trusted)
    else:
        outcome = preview_undo(root, run, keep=keep, trusted=trusted)
    report = ChangeReport(command="undo", outcome=outcome, shows_diff=writing.diff)
    session.show(report, output_format)
    return conclude(outcome, writing)


def finish(session: Session, writing: Writing, escapes: Escapes, output_format: str) -> int:
    """Resume the interrupted run, or tell what would become of it."""
    from orchestra_codemods.apply import preview_resume, resume

    root = session.locate().root
    keep, trusted = escapes
    if writing.is_wanted:
        outcome = resume(root, keep=keep, trusted=trusted)
    else:
        outcome = preview_resume(root, keep=keep, trusted=trusted)
    report = ChangeReport(command="resume", outcome=outcome, shows_diff=writing.diff)
    session.show(report, output_format)
    return conclude(outcome, writing)
