"""Lists durable runs."""

from __future__ import annotations

from typing import Annotated, Literal

from orchestra_cli.options import OutputFormat, Store
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    state: Annotated[
        Literal["queued", "running", "succeeded", "failed", "cancelled", "stopped", "gave-up"] | None,
        Option(help="Only runs of this state."),
    ] = None,
    orchestrator: Annotated[str | None, Option(metavar="NAME", help="Only its runs.")] = None,
    tenant: Annotated[str | None, Option(metavar="T", help="Only runs of this tenant.")] = None,
    limit: Annotated[int, Option(metavar="N", help="At most that many.")] = 50,
    store: Store = None,
    output_format: OutputFormat = "text",
) -> int:
    """List the runs of the store, newest first.

    With the state of each, and the workers that are alive. A run that waits although no worker serves its
    version says so. Runs that another run started stand in `orchestra runs show`.

        orchestra runs ls --state failed --tenant acme
    """
    from orchestra_cli.durable import show_runs

    states = [] if state is None else [state.replace("-", " ")]
    return show_runs(
        session, store, output_format, states=states, orchestrator=orchestrator, tenant=tenant, limit=limit
    )
