"""Migrates orchestrators."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, NoCache, OutputFormat
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    names: Annotated[
        list[str] | None, Argument(metavar="NAME", help="Which, as `orchestra scan` names them.")
    ] = None,
    *,
    everything: Annotated[bool, Option("--all", help="All that scan finds.")] = False,
    callers: Annotated[
        Literal["imports", "facade", "facade-instances"] | None,
        Option(
            help="How callers change: only where the name comes from; or awaited calls go through the facade "
            "as well, where it is proven that they reach the registered instance, or any instance. "
            "[default: imports]"
        ),
    ] = None,
    placement: Annotated[
        Literal["auto", "move", "in-place", "split"] | None,
        Option(
            help="Move the module into its layer, or leave it; auto moves where nothing else is in it; split "
            "takes the class out of a module that holds other things too. [default: auto]"
        ),
    ] = None,
    explicit: Annotated[
        bool,
        Option(
            "--explicit",
            help="Write an `orchestrate()` with a ladder of operations into each class, as the guide has it, "
            "instead of the inherited routing.",
        ),
    ] = False,
    offer_accessors: Annotated[
        bool,
        Option(
            "--offer-accessors",
            help="Write `get_x(auto_create=…)` and `set_x` where a class has none; what it has stays.",
        ),
    ] = False,
    lazy: Annotated[
        bool,
        Option(
            "--lazy",
            help="Declare what constructors import and build with `lazy(…)`, on first use, where nothing in "
            "the project could see that; the rest stays, with its reason in the report.",
        ),
    ] = False,
    owner: Annotated[str | None, Option(help="Who removes the old module; for its record.")] = None,
    remove_on: Annotated[
        str | None,
        Option(metavar="DATE", help="From when it may be removed. [default: in remove-after-days]"),
    ] = None,
    plan: Annotated[
        Path | None, Option(metavar="FILE", help="Carry out a plan that --write-plan wrote.")
    ] = None,
    write_plan: Annotated[
        Path | None,
        Option(metavar="FILE", help="Write the plan to a file, to be reviewed and edited; change nothing."),
    ] = None,
    interactive: Annotated[
        bool,
        Option("--interactive", "-i", help="Ask about each class and each caller, with its diff."),
    ] = False,
    commit: Annotated[
        bool, Option("--commit", help="Make a git commit for each orchestrator, each one importable.")
    ] = False,
    prove_import: Annotated[
        bool,
        Option(
            "--prove-import",
            help="Import what changes in a copy, and take each orchestrator up to its registration.",
        ),
    ] = False,
    test_command: Annotated[
        str | None,
        Option(
            metavar="CMD",
            help="Run the project's tests in a copy, before and after; what makes one worse is refused.",
        ),
    ] = None,
    test_timeout: Annotated[
        float | None,
        Option(metavar="SECONDS", help="How long the test command may take. [default: 1800]"),
    ] = None,
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    no_cache: NoCache = False,
    output_format: OutputFormat = "text",
) -> int:
    """Migrate orchestrators and their callers.

    The class becomes an orchestrator of the framework with every method as it was, its module moves into the
    layer's package and goes on answering by its old name, callers import it from there, and the project's
    wiring registers it. Whatever cannot be proven is refused with a reason and stays as it is; then the exit
    code is 1. `orchestra undo` takes everything back.

        orchestra migrate content_analysis --diff
        orchestra migrate content_analysis
        orchestra migrate --all --check
        orchestra migrate --all --callers facade
        orchestra migrate --all --interactive
        orchestra migrate --all --write-plan plan.toml
        orchestra migrate --plan plan.toml --commit
        orchestra migrate --all --test-command "python -m pytest -q"
    """
    from orchestra_cli.migrating.request import Request
    from orchestra_cli.migration import migrate
    from orchestra_cli.writing import Writing

    request = Request(
        names=tuple(names or ()),
        is_all=everything,
        placement=placement,
        callers=callers,
        routing="explicit" if explicit else None,
        accessors="offered" if offer_accessors else None,
        dependencies="lazy" if lazy else None,
        owner=owner,
        remove_on=remove_on,
        plan=plan,
        write_plan=write_plan,
        is_reviewed=interactive,
        is_committed=commit,
        proves_import=prove_import,
        test_command=test_command,
        test_timeout=test_timeout,
        uses_cache=not no_cache,
    )
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    return migrate(session, request, writing, output_format)
