"""Puts the removal of a deprecated module off."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, OutputFormat
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session


def command(
    session: Session,
    module: Annotated[str, Argument(metavar="FILE|MODULE", help="A module that has a record.")],
    *,
    to: Annotated[str, Option(metavar="DATE", help="The new date.")],
    reason: Annotated[str, Option(metavar="TEXT", help="Why it has to stay.")],
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Put a removal off, with a reason.

    Each extension stays in the record with its reason, so that they can be counted.

        orchestra deprecate extend shop.old --to 2027-05-20 --reason "the mobile app still needs it"
    """
    from orchestra_cli.deprecation import Answer, Scene, day_of, write
    from orchestra_cli.errors import InvalidValueError
    from orchestra_cli.writing import Writing
    from orchestra_codemods.deprecations.recording import plan_extension

    scene = Scene.of(session)
    record = scene.record(module)
    day = day_of(to, "--to")
    if not reason.strip():
        raise InvalidValueError("--reason is empty", hint="Say why the module has to stay.")
    if record.remove_on is not None and day < record.remove_on:
        raise InvalidValueError(
            f"--to {day} is before the recorded date {record.remove_on}", hint="Name a later day."
        )
    plan = plan_extension(scene.project, record, day, reason.strip())
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    return write(session, scene, plan, writing, Answer("deprecate-extend", output_format))
