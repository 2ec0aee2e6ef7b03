"""Says how far the migration is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestra_cli.options import OutputFormat
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it for a pull request as well.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as one page for a browser as well.")
    ] = None,
    output_format: OutputFormat = "text",
) -> int:
    """Say how far the migration is.

    For each orchestrator its state, the places that still have to change by their form, why they have not,
    and the next step: migrate it, find the users of its old module, or remove that. The files lie inside the
    project; the page needs no network and no script.

        orchestra status
        orchestra status --markdown docs/status.md --html docs/status.html
    """
    from orchestra_cli.progress_of import progress_of
    from orchestra_cli.reports.status import StatusReport
    from orchestra_cli.reports.status import markdown as as_markdown
    from orchestra_cli.reports.status_page import status_page
    from orchestra_cli.written import write_reports

    progress = progress_of(session)
    wanted = [(markdown, as_markdown), (html, status_page)]
    write_reports(
        session, {file: make(progress) for file, make in wanted if file is not None}, command="status"
    )
    session.show(StatusReport(progress), output_format)
    return 0
