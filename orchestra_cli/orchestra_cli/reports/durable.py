"""Durable runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from json import dumps
from typing import Any

from orchestra_cli.terminal import Style

_COLOURS = {
    "succeeded": "green",
    "failed": "red",
    "gave up": "red",
    "stopped": "red",
    "running": "yellow",
}


class RunsReport:
    """The runs of a store, newest first, and who is there to run them."""

    command = "runs-ls"

    def __init__(self, runs: Sequence[Mapping[str, Any]], workers: Sequence[Mapping[str, Any]]) -> None:
        self.runs = runs
        self.workers = workers

    def data(self) -> Mapping[str, Any]:
        """Return each run, and each worker with what it serves and runs."""
        left_out = ("deadline", "params", "result", "steps")
        rows = [{key: value for key, value in run.items() if key not in left_out} for run in self.runs]
        return {"runs": rows, "workers": self.workers}

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line a run."""
        if not self.runs:
            yield "no runs"
        for run in self.runs:
            waits = style.yellow("  no worker serves it") if run["served"] is False else ""
            what = f"{run['orchestrator']}.{run['operation']}"
            yield (
                f"{style.bold(run['id'])}  {_time(run['created'])}  {_state(run, style)}  {what}  "
                f"{style.dim(run['tenant'])}{waits}"
            )
        serving = ", ".join(sorted({queue for worker in self.workers for queue in worker["serves"]}))
        count = f"{len(self.workers)} worker{'' if len(self.workers) == 1 else 's'}"
        yield style.dim(f"{count} alive{f', serving {serving}' if serving else ''}")


class RunReport:
    """One run with all that is known of it."""

    def __init__(self, run: Mapping[str, Any], command: str) -> None:
        self.run = run
        self.command = command

    def data(self) -> Mapping[str, Any]:
        """Return the run."""
        return {"run": self.run}

    def lines(self, style: Style) -> Iterable[str]:
        """Return its state, its steps, and its result."""
        run = self.run
        yield (
            f"{style.bold(run['id'])}  {_state(run, style)}  {run['orchestrator']}.{run['operation']}"
            f"@{run['version']}"
        )
        yield f"tenant {run['tenant']}, request {run['request']}, created {_time(run['created'])}"
        if run["why"]:
            yield style.red(run["why"])
        for step in run["steps"]:
            yield f"  {step['number']:>3}  {_step(step, style)}"
        if run["result"] is not None:
            result = run["result"]
            yield dumps(result["data"] if result["success"] else result["error"], ensure_ascii=False)


class PrunedReport:
    """The runs that were deleted, or would be."""

    command = "runs-prune"

    def __init__(self, runs: Sequence[str], *, is_done: bool) -> None:
        self.runs = runs
        self.is_done = is_done

    def data(self) -> Mapping[str, Any]:
        """Return the ids, and whether they are gone."""
        return {"runs": self.runs, "deleted": self.is_done}

    def lines(self, style: Style) -> Iterable[str]:
        """Return the ids of what would go, or how many went."""
        count = f"{len(self.runs)} finished run{'' if len(self.runs) == 1 else 's'}"
        if self.is_done:
            yield f"deleted {count}"
            return
        yield from self.runs
        yield style.dim(f"would delete {count}")


class EnqueuedReport(RunReport):
    """A run that waits: people get its id alone, to be passed on."""

    def __init__(self, run: Mapping[str, Any]) -> None:
        super().__init__(run, "runs-show")

    def lines(self, style: Style) -> Iterable[str]:
        """Return the id."""
        del style
        yield self.run["id"]


def _state(run: Mapping[str, Any], style: Style) -> str:
    colour = getattr(style, _COLOURS.get(run["state"], "dim"))
    return str(colour(f"{run['state']:<9}"))


def _step(step: Mapping[str, Any], style: Style) -> str:
    if step["ended"] is None:
        return f"{step['name']}  {style.yellow('running')} since {_time(step['started'])}"
    took = f"{max(0.0, step['ended'] - (step['started'] or step['ended'])):.3f} s"
    child = f"  {step['child']}" if step["child"] else ""
    failed = f"  {style.red(step['error'])}" if step["error"] else ""
    return f"{step['name']}  {style.dim(took)}{child}{failed}"


def _time(epoch: float) -> str:
    return datetime.fromtimestamp(epoch, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
