"""Serves a store."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import Store
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    concurrency: Annotated[int, Option(metavar="N", help="How many runs it takes up at a time.")] = 8,
    store: Store = None,
    lease: Annotated[
        float,
        Option(metavar="SECONDS", help="Without a sign of life for that long, peers take over."),
    ] = 10.0,
    polling: Annotated[float, Option(metavar="SECONDS", help="How often it looks for runs that wait.")] = 0.1,
) -> int:
    """Run the durable operations that wait in the store.

    The project's own interpreter builds the facade and takes up the runs of the versions that it has, also
    those that a dead worker left. Ctrl-C and SIGTERM stop it at once: what it was running is handed over, and
    goes on elsewhere at the step at which it was. As many as you like may run, on one machine with a SQLite
    file, on many with PostgreSQL.

        orchestra worker
        orchestra worker --concurrency 32 --store postgresql://app@db/runs
    """
    from orchestra_cli.durable import serve

    return serve(session, store, concurrency, lease, polling)
