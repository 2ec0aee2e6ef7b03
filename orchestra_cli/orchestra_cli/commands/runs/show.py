"""Shows a durable run."""

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
    """Show a run with its steps.

    The one that is running is among them, with the time since when. Nested runs have ids of their own.

        orchestra runs show 3f0c2a9d4be74b1a8f6a5d0f2f0e7c11
    """
    from orchestra_cli.durable import show_run

    return show_run(session, store, run, output_format)
