"""Removes a deprecated module that nobody uses."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, OutputFormat, Warnings
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    module: Annotated[str, Argument(metavar="FILE|MODULE", help="A module that has a record.")],
    *,
    today: Annotated[
        str | None, Option(metavar="DATE", help="The day of the removal. [default: today]")
    ] = None,
    warnings: Warnings = None,
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Remove a deprecated module that nobody uses.

    Refused while anything but a document refers to it, or, with --warnings, while a run used it. The file is
    renamed to `<file>.DEPRECATED` with a header that says what replaced it, and `orchestra deprecate restore`
    brings it back byte for byte.

        orchestra deprecate remove shop.old
    """
    from orchestra_cli.deprecation import Answer, NoModuleError, Scene, day_of, runs_text, write
    from orchestra_cli.writing import Writing
    from orchestra_codemods.change import Plan
    from orchestra_codemods.deprecations.removal import plan_removal

    scene = Scene.of(session)
    record = scene.record(module)
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    if record.removed_on is not None and record.path not in scene.project.sources:
        return write(session, scene, Plan(), writing, Answer("deprecate-remove", output_format))
    if record.path not in scene.project.sources:
        raise NoModuleError(f"{record.path} is not there", hint="Correct its path in deprecations.toml.")
    plan = plan_removal(scene.project, record, day_of(today, "--today"), runs_text(warnings or []))
    return write(session, scene, plan, writing, Answer("deprecate-remove", output_format))
