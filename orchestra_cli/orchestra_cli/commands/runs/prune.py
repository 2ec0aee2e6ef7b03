"""Deletes durable runs that ended long ago."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import DryRun, OutputFormat, Store
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    older_than: Annotated[
        float, Option(metavar="DAYS", help="Only runs that ended at least that many days ago.")
    ],
    dry_run: DryRun = False,
    store: Store = None,
    output_format: OutputFormat = "text",
) -> int:
    """Delete runs that ended long ago, with their steps and nested runs.

    Only what has succeeded, failed or was cancelled. A run that waits, runs, stopped because its journal does
    not fit, or was given up stays, whatever its age. The idempotency key of a deleted run is forgotten: the
    same request would run again.

        orchestra runs prune --older-than 30 --dry-run
        orchestra runs prune --older-than 30
    """
    from orchestra_cli.durable import prune

    return prune(session, store, older_than, output_format, what="prunable" if dry_run else "prune")
