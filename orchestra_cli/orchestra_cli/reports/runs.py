"""The journaled runs of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestra_cli.terminal import Style
from orchestra_codemods.apply import Run, RunChange, RunState

_COLOURS = {RunState.UNFINISHED: "yellow", RunState.UNREADABLE: "red", RunState.APPLIED: "green"}


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs, newest first."""

    runs: tuple[Run, ...]
    command: str = "history"

    def data(self) -> Mapping[str, Any]:
        """Return each run with its changes."""
        return {"runs": [_run(run) for run in self.runs]}

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line a run, with the time in this machine's zone."""
        if not self.runs:
            yield "no changes yet"
        for run in self.runs:
            started = run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S") if run.started else "-" * 19
            state = getattr(style, _COLOURS.get(run.state, "dim"))(f"{run.state:<11}")
            count = f"{len(run.changes)} change{'' if len(run.changes) == 1 else 's'}"
            yield f"{style.bold(run.id)}  {started}  {state}  {count:>11}  {run.command}"
            if run.problem is not None:
                yield f"  {run.problem.message}. {run.problem.hint}"


def _run(run: Run) -> dict[str, Any]:
    problem = run.problem
    return {
        "id": run.id,
        "state": str(run.state),
        "command": run.command,
        "started": run.started.isoformat() if run.started else None,
        "undoes": run.undoes,
        "changes": [_change(change) for change in run.changes],
        "problem": None if problem is None else {"code": problem.code, "message": problem.message},
    }


def _change(change: RunChange) -> dict[str, Any]:
    return {"path": change.path, "kind": str(change.kind), "because": change.because}
