"""Resumes a durable run."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import OutputFormat, Store
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    run: Annotated[str, Argument(help="The run's id.")],
    *,
    on_version: Annotated[
        str | None, Option(metavar="VERSION", help="On the workers of this version, not of its own.")
    ] = None,
    timeout: Annotated[
        float | None, Option(metavar="SECONDS", help="A new deadline, that long from now.")
    ] = None,
    store: Store = None,
    output_format: OutputFormat = "text",
) -> int:
    """Let a run go on that was cancelled, stopped or given up.

    What stands in its journal is not redone. With `--on-version` a run that waits for workers of its own
    version can be moved as well; where the journal does not fit that version's code, the run stops and says
    so, and nothing of the journal is lost. A run whose deadline has passed is refused without a new one:
    give it `--timeout`.

        orchestra runs resume 3f0c2a9d4be74b1a8f6a5d0f2f0e7c11 --on-version 2
        orchestra runs resume 3f0c2a9d4be74b1a8f6a5d0f2f0e7c11 --timeout 600
    """
    from orchestra_cli.durable import resume

    return resume(session, store, run, output_format, on_version=on_version, timeout=timeout)
