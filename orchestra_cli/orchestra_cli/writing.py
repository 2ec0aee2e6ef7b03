"""How every command that edits files goes about it: what git could not give back is left alone, nothing is
written when nobody wants it, and the journal can take back the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestra_cli.errors import ChangeRefusedError, UncommittedChangesError
from orchestra_cli.session import Session
from orchestra_codemods.change import Failed, Outcome, Plan, Planned, Refused

FINE = 0
FINDINGS = 1
NOT_WRITABLE = 2

_ENVIRONMENT = frozenset(
    {"cannot-write", "disk-full", "outside-root", "read-only-directory", "read-only-file", "unsafe-path"}
)
"""Refusals (apply.reasons) that say that the tree cannot be written, rather than that it has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The options of a command that writes."""

    dry_run: bool = False
    diff: bool = False
    check: bool = False
    allow_dirty: bool = False

    @property
    def is_wanted(self) -> bool:
        """Whether anything may be written at all."""
        return not (self.dry_run or self.diff or self.check)


def carry_out(session: Session, root: Path, plan: Plan, writing: Writing, *, command: str) -> Outcome:
    """Write the plan, or tell what would become of it. Raises UncommittedChangesError and ApplyError."""
    if not plan.changes:
        return Planned(plan)
    from orchestra_codemods.apply import apply, preview

    if not writing.is_wanted:
        return preview(root, plan)
    guard_uncommitted(session, root, edited_paths(plan), writing)
    with session.progress("Writing"):
        return apply(root, plan, command=command)


def guard_uncommitted(session: Session, root: Path, paths: Sequence[str], writing: Writing) -> None:
    """Refuse to edit what git could not give back. Raises UncommittedChangesError and GitFailedError."""
    from orchestra_cli.git import uncommitted

    if writing.allow_dirty or not paths:
        return
    dirty = uncommitted(root, paths)
    if dirty is None:
        session.narrate("Not in a git repository: `orchestra undo` is the only way back.")
    elif dirty:
        raise UncommittedChangesError(
            f"{_enumerated(dirty)} {'has' if len(dirty) == 1 else 'have'} uncommitted changes or "
            f"{'is' if len(dirty) == 1 else 'are'} not tracked by git",
            hint="Commit first, or pass --allow-dirty. Nothing was changed.",
            paths=tuple(dirty),
        )


def edited_paths(plan: Plan) -> list[str]:
    """Return the paths of existing files that the plan edits, moves or deletes, sorted."""
    return sorted({change.before.path for change in plan.changes if change.before is not None})


def conclude(outcome: Outcome, writing: Writing) -> int:
    """Return the exit code of an outcome, and print the error where there is one.

    1 where something was refused or skipped, or would change under `--check`; 2 where the tree cannot be
    written at all, as with a read-only folder.
    """
    from orchestra_cli.app import show_error

    if isinstance(outcome, Failed):
        show_error(outcome.error)
        return NOT_WRITABLE
    if isinstance(outcome, Refused):
        first = outcome.refusals[0]
        show_error(ChangeRefusedError.of(first, len(outcome.refusals)))
        return NOT_WRITABLE if first.unit in _ENVIRONMENT else FINDINGS
    plan = outcome.plan
    would_change = writing.check and bool(plan.changes)
    return FINDINGS if plan.refusals or plan.skipped or would_change else FINE


def _enumerated(paths: Sequence[str], most: int = 5) -> str:
    shown = ", ".join(paths[:most])
    return f"{shown} and {len(paths) - most} more" if len(paths) > most else shown
