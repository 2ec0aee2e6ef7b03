"""Lists what the project registers."""

from __future__ import annotations

from typing import Annotated, Literal

from orchestra_cli.options import NoCache, OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    layer: Annotated[
        Literal["domain", "application", "infrastructure"] | None,
        Option(help="Only the orchestrators of this layer."),
    ] = None,
    live: Annotated[
        bool, Option("--live", help="Import the project in a process of its own and ask its facade.")
    ] = False,
    no_cache: NoCache = False,
    output_format: OutputFormat = "text",
) -> int:
    """List the registered orchestrators.

    Name, layer, type, module and operations of each, read from the project's wiring without importing it.
    What the source does not say in plain words is shown as `?`; `--live` imports the project and knows.

        orchestra list --layer domain
    """
    from orchestra_cli.listing import listed
    from orchestra_cli.reports.registered import RegisteredReport

    rows, problems = listed(session, is_live=live, uses_cache=not no_cache)
    for problem in problems:
        session.warn(problem)
    session.show(RegisteredReport([row for row in rows if layer in (None, row["layer"])]), output_format)
    return 1 if problems else 0
