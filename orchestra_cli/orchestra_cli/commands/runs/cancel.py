"""Cancels a durable run."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import OutputFormat, Store
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session


def command(
    session: Session,
    run: Annotated[str, Argument(help="The run's id.")],
    *,
    store: Store = None,
    output_format: OutputFormat = "text",
) -> int:
    """Cancel a run and all that it started.

    Takes effect at the next step border; a step that is running is cancelled within a second or so, and its
    own clean-up runs. Exit code 1 when it came too late: a finished run stays finished.

        orchestra runs cancel 3f0c2a9d4be74b1a8f6a5d0f2f0e7c11
    """
    from orchestra_cli.durable import cancel

    return cancel(session, store, run, output_format)
