"""Marks modules as deprecated."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, OutputFormat
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    module: Annotated[
        str | None, Argument(metavar="FILE|MODULE", help="The module, as a file or as it is imported.")
    ] = None,
    *,
    replacement: Annotated[
        str | None, Option(metavar="MODULE", help="The module that takes its place.")
    ] = None,
    remove_on: Annotated[
        str | None, Option(metavar="DATE", help="From when it may be gone. [default: 90 days on]")
    ] = None,
    owner: Annotated[str | None, Option(metavar="NAME", help="Who sees to the removal.")] = None,
    alive: Annotated[bool, Option("--alive", help="Leave its code, and only warn.")] = False,
    existing: Annotated[
        bool, Option("--existing", help="Record the marks that are there in other styles.")
    ] = False,
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Mark a module as deprecated, in one record.

    With a replacement the module becomes a shim: it hands everything on to the replacement, which must have
    all its public names, and warns each caller once. Without one, or with --alive, its code stays and it
    warns when it is imported. The record stands in deprecations.toml.

        orchestra deprecate mark shop.old --replacement shop.new --owner core --remove-on 2027-02-20
        orchestra deprecate mark --existing --owner core
        orchestra deprecate mark shop.older --existing
    """
    from datetime import timedelta

    from orchestra_cli.deprecation import Answer, Scene, day_of, write
    from orchestra_cli.errors import MissingValueError
    from orchestra_cli.writing import Writing
    from orchestra_codemods.deprecations.mark import Marking, plan_mark
    from orchestra_codemods.deprecations.marks import marks_in
    from orchestra_codemods.deprecations.recording import plan_existing

    scene = Scene.of(session)
    config = scene.project.config
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    if existing:
        only = None if module is None else scene.module_path(module)
        marks = [one for one in marks_in(scene.project) if only in (None, one.module_path)]
        plan = plan_existing(scene.project, marks, owner or config.owner)
        return write(session, scene, plan, writing, Answer("deprecate-mark", output_format))
    if module is None:
        raise MissingValueError(
            "`orchestra deprecate mark` needs FILE|MODULE", hint="Or --existing for marks that are there."
        )
    day = day_of(remove_on, "--remove-on")
    path = scene.module_path(module)
    recorded = next((one.remove_on for one in scene.records if one.path == path), None)
    if remove_on is None:
        day = recorded or day + timedelta(days=config.remove_after_days)
    marking = Marking(
        path=path, replacement=replacement, owner=owner or config.owner, remove_on=day, keeps_code=alive
    )
    return write(
        session, scene, plan_mark(scene.project, marking), writing, Answer("deprecate-mark", output_format)
    )
