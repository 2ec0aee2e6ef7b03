"""Writes the settings and the orchestrator package."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, OutputFormat
from orchestra_cli.parameters import Option
from orchestra_cli.session import Session


def command(
    session: Session,
    *,
    package: Annotated[
        str | None,
        Option(
            metavar="MODULE",
            help="The package to write, as it is imported. [default: orchestrators]",
        ),
    ] = None,
    source_root: Annotated[
        str | None,
        Option(metavar="DIR", help="The folder it goes into. [default: src where it exists]"),
    ] = None,
    step_result: Annotated[
        str | None,
        Option(
            metavar="MODULE",
            help="The module of the project's StepResult. One that does not exist is created.",
        ),
    ] = None,
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Write the settings and the package with its three layers.

    Adds `[tool.orchestra]` to the settings file and writes the package that orchestrators will live in: the
    base class and types, the one facade with its policies, the wiring, and the layer packages domain,
    application and infrastructure. A file that exists is never overwritten; what it lacks is listed. A second
    run changes nothing, and `orchestra undo` takes everything back.

        orchestra init
        orchestra init --package core.orchestration --step-result my_bot.step_result
    """
    from orchestra_cli.reports.changes import ChangeReport
    from orchestra_cli.scaffold.initialise import Wanted, plan_init
    from orchestra_cli.writing import Writing, carry_out, conclude

    located = session.locate()
    plan = plan_init(located, Wanted(package, source_root, step_result))
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    outcome = carry_out(session, located.root, plan, writing, command="orchestra init")
    session.show(ChangeReport(command="init", outcome=outcome, shows_diff=diff), output_format)
    return conclude(outcome, writing)
