"""Shows the whole way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from orchestra_cli.options import OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    keep: Annotated[
        Path | None,
        Option(metavar="DIR", help="Work in this new folder, and leave the migrated application there."),
    ] = None,
    output_format: OutputFormat = "text",
) -> int:
    """Show the whole way on a bundled legacy application.

    Copies it to a temporary folder and runs the real commands there, each shown with its result: its tests,
    `init`, `scan`, `migrate`, `lint`, its tests again, `list`, `run`, `status`, `undo`. The summary is
    computed from what happened; the exit code is 1 when anything did not work. Needs the extra `demo` for the
    tests.

        orchestra demo
        orchestra demo --keep /tmp/migrated
    """
    from orchestra_cli.demonstration.perform import perform

    return perform(session, keep, output_format)
