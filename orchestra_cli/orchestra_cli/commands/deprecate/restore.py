"""Brings a removed module back."""

from __future__ import annotations

from typing import Annotated

from orchestra_cli.options import AllowDirty, Check, Diff, DryRun, OutputFormat
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session


def command(
    session: Session,
    module: Annotated[str, Argument(metavar="FILE|MODULE", help="A module that was removed.")],
    *,
    allow_dirty: AllowDirty = False,
    dry_run: DryRun = False,
    diff: Diff = False,
    check: Check = False,
    output_format: OutputFormat = "text",
) -> int:
    """Bring a removed module back, byte for byte.

    The header that the removal wrote is taken off again, and the record says that the module is there.

        orchestra deprecate restore shop.old
    """
    from orchestra_cli.deprecation import Answer, Scene, write
    from orchestra_cli.writing import Writing
    from orchestra_codemods.change import Plan
    from orchestra_codemods.deprecations.removal import plan_restoration

    scene = Scene.of(session)
    record = scene.record(module)
    writing = Writing(dry_run=dry_run, diff=diff, check=check, allow_dirty=allow_dirty)
    is_back = record.removed_on is None and record.path in scene.project.sources
    plan = Plan() if is_back else plan_restoration(scene.project, record)
    return write(session, scene, plan, writing, Answer("deprecate-restore", output_format))
