"""Lists the templates, and checks one for its author."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from orchestra_cli.options import OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    check: Annotated[
        Path | None, Option(metavar="DIR", help="Say what is wrong with the template in this folder.")
    ] = None,
    output_format: OutputFormat = "text",
) -> int:
    """List the templates, or say what is wrong with one.

    There are the guide's three, those in the folders of the setting `templates`, and those that installed
    packages offer as entry points of the group `orchestra.templates`. A template is a folder with a real
    orchestrator, ExampleOrchestrator, and its real test; it is read and never run.

        orchestra templates
        orchestra templates --check team/templates/billing
    """
    from orchestra_cli.reports.templates import CheckedTemplate, TemplateList

    if check is not None:
        report = CheckedTemplate.of(Path.cwd() / check)
        session.show(report, output_format)
        return 1 if report.flaws else 0
    session.show(TemplateList.of(session), output_format)
    return 0
