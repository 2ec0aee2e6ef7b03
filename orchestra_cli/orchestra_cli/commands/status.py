"""Says how far the migration is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from orchestra_cli.options import NoCache, OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    markdown: Annotated[
        Path | None, Option(metavar="FILE", help="Write it for a pull request as well.")
    ] = None,
    html: Annotated[
        Path | None, Option(metavar="FILE", help="Write it as one page for a browser as well.")
    ] = None,
    no_history: Annotated[
        bool, Option("--no-history", help="Leave out the course over git's history.")
    ] = False,
    no_cache: NoCache = False,
    output_format: OutputFormat = "text",
) -> int:
    """Say how far the migration is.

    For each orchestrator its state, the places that still have to change by their form, why they have not,
    and the next step; for each deprecated module who is in the way of its removal; and the course, measured
    on commits since the migration began. The files lie inside the project; the page needs no network and no
    script.

        orchestra status
        orchestra status --markdown docs/status.md --html docs/status.html
    """
    from dataclasses import replace

    from orchestra_cli.errors import ConflictingOptionsError
    from orchestra_cli.inventory import taken, warn_of_problems
    from orchestra_cli.reports.status import StatusReport
    from orchestra_cli.reports.status import markdown as as_markdown
    from orchestra_cli.reports.status_page import status_page
    from orchestra_cli.standing.course import course_of
    from orchestra_cli.standing.measure import measured
    from orchestra_cli.written import write_reports

    if markdown is not None and html is not None and markdown.resolve() == html.resolve():
        raise ConflictingOptionsError(
            f"--markdown and --html both name {html}", hint="Each is a file of its own."
        )
    root, config = session.configured()
    with session.progress("Scanning"):
        project, inventory = taken(root, config)
        progress = measured(root, config, project, inventory)
    warn_of_problems(session, inventory)
    if not no_history:
        course = course_of(session, root, config, progress, uses_cache=not no_cache)
        progress = replace(progress, course=course)
    wanted = [(markdown, as_markdown), (html, status_page)]
    write_reports(
        session, {file: make(progress) for file, make in wanted if file is not None}, command="status"
    )
    session.show(StatusReport(progress), output_format)
    return 0
