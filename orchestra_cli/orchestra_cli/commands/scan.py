"""Takes the inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from orchestra_cli.options import NoCache, OutputFormat
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session


def command(
    session: Session,
    paths: Annotated[
        list[Path] | None,
        Argument(metavar="PATH", help="Only what lies in these; callers are found anywhere."),
    ] = None,
    *,
    no_cache: NoCache = False,
    output_format: OutputFormat = "text",
) -> int:
    """Find the legacy orchestrators, their callers, and what would be refused.

    Each with its place, the proposed layer, type and pattern, operations, background tasks and callers. Reads
    the source and imports nothing. `--verbose` adds the reasons for each proposal and each caller. A file
    that cannot be read or parsed is named, and the exit code is 1.

        orchestra scan
        orchestra scan src/my_bot --output-format json
    """
    from orchestra_cli.inventory import selected, taken, warn_of_problems
    from orchestra_cli.reports.inventory import InventoryReport

    root, config = session.configured()
    with session.progress("Scanning"):
        project, inventory = taken(root, config)
    inventory = selected(inventory, root, paths or [])
    session.show(InventoryReport(inventory, is_long=session.is_verbose), output_format)
    warn_of_problems(session, inventory)
    if output_format == "text" and any(each.refused is None for each in inventory.orchestrators):
        session.narrate("Next: `orchestra migrate NAME --diff` shows what would change.")
    code = 1 if inventory.problems else 0
    if not no_cache:
        session.remember(project, code)
    return code
