"""Writes a new orchestrator with its test, and makes it known."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, OutputFormat
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session

Many = list[str] | None


def command(
    session: Session,
    layer: Annotated[
        str,
        Argument(metavar="LAYER", help="domain, application or infrastructure; else asked for."),
    ],
    name: Annotated[
        str | None, Argument(metavar="NAME", help="As in http_server, HTTPServer or Http-Server.")
    ] = None,
    *,
    type: Annotated[  # noqa: A002 - the option is called so
        str | None, Option(metavar="TYPE", help="One of the project's orchestration types.")
    ] = None,
    operation: Annotated[
        Many, Option(metavar="NAME", help="An operation instead of the pattern's own; repeatable.")
    ] = None,
    dependency: Annotated[
        Many,
        Option(metavar="NAME=MODULE:CALLABLE", help="Loaded when it is first used; repeatable."),
    ] = None,
    background: Annotated[
        Many,
        Option(metavar="NAME[:SECONDS]", help="A task that comes round, each 60 s; repeatable."),
    ] = None,
    durable: Annotated[bool, Option("--durable", help="Its operations survive the process.")] = False,
    template: Annotated[
        str | None, Option(metavar="DIR|NAME", help="A folder, or a name of `orchestra templates`.")
    ] = None,
    force: Annotated[bool, Option("--force", help="Replace files that exist.")] = False,
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Write a new orchestrator with its test, and register it.

    The layer gives the pattern: domain is business logic without state, application coordinates components,
    infrastructure runs in the background. The test goes to the project's own test folder, the registration
    into its `orchestrators.py`, and the layer package exports the class. A second run changes nothing.

        orchestra new domain billing
        orchestra new infrastructure HTTPServer --background probe:30
        orchestra new application feedback --dependency router=my_app.routing:get_router
    """
    from orchestra_cli.reports.created import created_report
    from orchestra_cli.scaffold.asked import Asked, prepare
    from orchestra_cli.writing import Writing, carry_out, conclude

    options = (operation or (), dependency or (), background or ())
    asked = Asked(layer, name, type, *options, durable=durable, template=template, force=force)
    root, config = session.configured()
    prepared = prepare(asked, root, config, session)
    for note in prepared.created.notes:
        session.warn(note)
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    outcome = carry_out(session, root, prepared.created.plan, writing, command="orchestra new")
    session.show(created_report(prepared, outcome, shows_diff=diff), output_format)
    return conclude(outcome, writing)
