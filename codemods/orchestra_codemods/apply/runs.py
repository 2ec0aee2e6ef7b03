"""Which run is meant, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence

from orchestra_codemods.apply.errors import (
    AlreadyUndoneError,
    NoSuchRunError,
    NothingToUndoError,
    UnfinishedRunError,
)
from orchestra_codemods.apply.journal import Journal
from orchestra_codemods.apply.stored import Ending, StoredRun


def undone_by(runs: Sequence[StoredRun]) -> dict[str, str]:
    """Return, for each run that is taken back, the run that did it; an undo can itself be undone."""
    undone: dict[str, str] = {}
    for run in reversed(runs):
        if run.record and run.record.undoes and run.ending is Ending.APPLIED and run.id not in undone:
            undone.setdefault(run.record.undoes, run.id)
    return undone


def choose(journal: Journal, runs: Sequence[StoredRun], run_id: str | None) -> StoredRun:
    """Return the run to take back: an interrupted one comes first.

    Raises NothingToUndoError, NoSuchRunError, AlreadyUndoneError, UnfinishedRunError, or the problem of a run
    that cannot be read.
    """
    interrupted = journal.unfinished(list(runs))
    if run_id is None:
        return interrupted or _latest(runs)
    run = _named(runs, run_id)
    if run.problem is not None:
        raise run.problem
    if interrupted is not None and run is not interrupted and interrupted.record is not None:
        raise UnfinishedRunError.named(interrupted.id, interrupted.record.command)
    by = undone_by(runs).get(run.id)
    if by is not None or run.ending is Ending.ROLLED_BACK:
        raise AlreadyUndoneError.named(run.id, by)
    return run


def _latest(runs: Sequence[StoredRun]) -> StoredRun:
    undone = undone_by(runs)
    for run in reversed(runs):
        is_candidate = run.record is not None and run.record.undoes is None and run.id not in undone
        if is_candidate and run.ending is Ending.APPLIED:
            return run
    raise NothingToUndoError.here()


def _named(runs: Sequence[StoredRun], run_id: str) -> StoredRun:
    matching = [run for run in runs if run_id and run.id.startswith(run_id)]
    exact = [run for run in matching if run.id == run_id]
    if len(exact or matching) != 1:
        raise NoSuchRunError.named(run_id, [run.id for run in matching])
    return (exact or matching)[0]
