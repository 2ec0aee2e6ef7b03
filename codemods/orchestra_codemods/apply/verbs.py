"""The verbs of writing: apply a plan, take runs back, finish interrupted ones, list them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from orchestra_codemods.apply.history import Run
from orchestra_codemods.apply.system import System
from orchestra_codemods.change import Outcome, Plan, Planned, Refused


def apply(root: Path, plan: Plan, *, command: str, system: System | None = None) -> Outcome:
    """Write the plan into the tree below ``root``, or nothing of it.

    ``command`` is what `orchestra history` shows. Raises RunInProgressError, UnfinishedRunError, JournalError.
    """
    raise NotImplementedError


def preview(root: Path, plan: Plan) -> Planned | Refused:
    """Tell what `apply` would do, writing nothing: the plan, or why it would be refused."""
    raise NotImplementedError


def undo(
    root: Path,
    run_id: str | None = None,
    *,
    command: str = "orchestra undo",
    keep: Collection[str] = (),
    trusted: Collection[str] = (),
    system: System | None = None,
) -> Outcome:
    """Take a run back; by default the interrupted one, else the latest that is not undone."""
    raise NotImplementedError


def preview_undo(
    root: Path, run_id: str | None = None, *, keep: Collection[str] = (), trusted: Collection[str] = ()
) -> Planned | Refused:
    """Tell what `undo` would do, writing nothing."""
    raise NotImplementedError


def resume(
    root: Path, *, keep: Collection[str] = (), trusted: Collection[str] = (), system: System | None = None
) -> Outcome:
    """Finish the interrupted run. Raises NothingToResumeError where there is none."""
    raise NotImplementedError


def preview_resume(
    root: Path, *, keep: Collection[str] = (), trusted: Collection[str] = ()
) -> Planned | Refused:
    """Tell what `resume` would do, writing nothing."""
    raise NotImplementedError


def history(root: Path) -> list[Run]:
    """List the journaled runs of this root, newest first."""
    raise NotImplementedError
