"""Finishes an interrupted change."""

from __future__ import annotations

from orchestra_cli.options import Check, Diff, DryRun, Keep, OutputFormat, Trust
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    keep: Keep = None,
    trust_journal: Trust = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Finish a change that was interrupted.

    A command that was killed while it wrote files leaves each of them old or new. This writes the rest;
    `orchestra undo` takes back what was written instead.
    """
    from orchestra_cli.taking_back import finish
    from orchestra_cli.writing import Writing

    writing = Writing(dry_run=dry_run, diff=diff, check=check)
    return finish(session, writing, (keep or (), trust_journal or ()), output_format)
