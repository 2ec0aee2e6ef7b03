"""Takes back a journaled change."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import Check, Diff, DryRun, Keep, OutputFormat, Trust
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session


def command(
    session: Session,
    run: Annotated[
        str | None, Argument(metavar="ID", help="Which change, as `orchestra history` names it.")
    ] = None,
    *,
    keep: Keep = None,
    trust_journal: Trust = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Take back a change, byte for byte.

    Without an ID it is the change that was interrupted, else the latest that is not undone. Edits that were
    made since in other places of the same files stay; where they touch what would be taken back, nothing is
    changed and the files are named. Undoing an undo applies the change again.

        orchestra undo
        orchestra history
    """
    from orchestra_cli.taking_back import take_back
    from orchestra_cli.writing import Writing

    writing = Writing(dry_run=dry_run, diff=diff, check=check)
    return take_back(session, run, writing, (keep or (), trust_journal or ()), output_format)
