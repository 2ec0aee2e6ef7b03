"""The journal as `orchestra history` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orchestra_codemods.apply.history import Run, RunChange, RunState
from orchestra_codemods.apply.runs import undone_by
from orchestra_codemods.apply.stored import Ending, StoredRun


def listed(runs: Sequence[StoredRun]) -> list[Run]:
    """Return the runs, newest first."""
    undone = undone_by(runs)
    return [_run(run, is_undone=run.id in undone) for run in reversed(runs)]


def _run(run: StoredRun, *, is_undone: bool) -> Run:
    record = run.record
    if record is None:
        return Run(run.id, RunState.UNREADABLE, problem=run.problem)
    return Run(
        id=run.id,
        state=RunState.UNDONE if is_undone else _state(run),
        command=record.command,
        started=datetime.fromisoformat(record.started),
        changes=tuple(RunChange(note.path, note.kind, note.because, note.origin) for note in record.changes),
        undoes=record.undoes,
    )


def _state(run: StoredRun) -> RunState:
    if run.ending is None:
        return RunState.UNFINISHED
    return RunState.ROLLED_BACK if run.ending is Ending.ROLLED_BACK else RunState.APPLIED
