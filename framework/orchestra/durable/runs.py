"""The runs of a store as people and programs see them; reads the store, and runs nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from orchestra.context import check_seconds
from orchestra.durable.client import WORKFLOW, no_such_run
from orchestra.durable.engine import ENDED, delete_ended, give, open_client, put_down_tenant
from orchestra.durable.errors import DeadlinePassedError, NotResumableError
from orchestra.durable.leases import Leases
from orchestra.durable.names import children_queue_of, queue_of, version_in
from orchestra.durable.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from dbos import DBOSClient

State = Literal["queued", "running", "succeeded", "failed", "cancelled", "stopped", "gave up"]

STATES: tuple[State, ...] = ("queued", "running", "succeeded", "failed", "cancelled", "stopped", "gave up")

_ENGINES = {
    "queued": ["ENQUEUED", "DELAYED"],
    "running": ["PENDING"],
    "succeeded": ["SUCCESS"],
    "failed": ["SUCCESS", "ERROR"],
    "cancelled": ["CANCELLED"],
    "stopped": ["CANCELLED"],
    "gave up": ["MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
}

_FINISHED = ("succeeded", "failed")
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Step:
    """A step that stands in the journal, or that is running now (``ended`` is None); times are epochs."""

    number: int
    name: str
    started: float | None
    ended: float | None
    error: str | None = None
    child: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run; ``version`` is the one whose workers take it up, ``worker`` who runs it or ran it last.

    ``served`` tells of a queued run whether a living worker serves its version. ``why`` says why it stopped.
    ``deadline`` is an epoch; it, ``params``, ``result`` and ``steps`` are there when one run is shown.
    """

    id: str
    orchestrator: str
    operation: str
    version: str
    tenant: str
    request: str
    state: State
    created: float
    updated: float
    worker: str | None
    attempts: int
    parent: str | None
    served: bool | None = None
    why: str | None = None
    deadline: float | None = None
    params: dict[str, Any] | None = None
    result: dict[str, Any] | None = None
    steps: tuple[Step, ...] = field(default=())


class Runs:
    """The runs of a store. A context manager; its methods block."""

    def __init__(self, store: Store | str) -> None:
        self._store = Store(store) if isinstance(store, str) else store

    def __enter__(self) -> Self:
        self._store.open()
        self._client: DBOSClient = open_client(self._store)
        self._connections = self._store.engine()
        self._leases = Leases(self._connections)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.destroy()
        self._connections.dispose()

    def find(
        self,
        *,
        states: Sequence[State] = (),
        orchestrator: str | None = None,
        tenant: str | None = None,
        limit: int = 50,
    ) -> list[Run]:
        """Return runs that nobody else started, newest first."""
        found: list[Run] = []
        engines = sorted({engine for state in states for engine in _ENGINES[state]}) or None
        for offset in range(0, 1_000_000, _PAGE):
            page = self._client.list_workflows(
                name=WORKFLOW, status=engines, has_parent=False, sort_desc=True, limit=_PAGE, offset=offset,
                load_input=False,
            )  # fmt: skip
            for run in map(self._seen, page):
                fits = orchestrator in (None, run.orchestrator) and tenant in (None, run.tenant)
                if fits and (not states or run.state in states):
                    found.append(run)
                if len(found) == limit:
                    return self._with_servers(found)
            if len(page) < _PAGE:
                break
        return self._with_servers(found)

    def show(self, run: str) -> Run:
        """Return a run with its parameters, its result and its steps. Raises RunNotFoundError."""
        found = self._client.list_workflows(workflow_ids=[run])
        if not found:
            raise no_such_run(run)
        is_running = found[0].status == "PENDING"
        steps = (*self._steps(run), *(self._running(run) if is_running else ()))
        # A worker tells what it runs with its beats: by now the step may stand in the journal.
        distinct = {step.number: step for step in reversed(steps)}
        return self._with_servers([self._seen(found[0], tuple(distinct[n] for n in sorted(distinct)))])[0]

    def cancel(self, run: str) -> Run:
        """Cancel a run and all that it started; return what it was before: a finished one stays finished.

        Takes effect at the next step border, and inside a step by cancelling it. Raises RunNotFoundError.
        """
        before = self.show(run)
        if before.state not in _FINISHED:
            self._client.cancel_workflow(run, cancel_children=True)
            after = self.show(run)
            if after.state in _FINISHED:
                return after
        return before

    def resume(self, run: str, *, on_version: str | None = None, timeout: float | None = None) -> Run:
        """Put a run that was cancelled, stopped or given up back into the queue, or a queued one into that of
        another version.

        Steps that stand in its journal are not redone. ``timeout`` is a new deadline in seconds from now, for
        it and its nested runs. Raises RunNotFoundError, NotResumableError, and DeadlinePassedError for a run
        whose deadline has passed and that is given no new one.
        """
        before = self.show(run)
        if before.state in _FINISHED or before.state == "running":
            verb = "is running" if before.state == "running" else f"has {before.state}"
            raise NotResumableError(
                f"Run {run} {verb}", hint="Only what was cancelled, stopped or given up can be resumed"
            )
        now = time.time()
        if timeout is None and before.deadline is not None and before.deadline <= now:
            raise DeadlinePassedError(
                f"The deadline of run {run} passed {now - before.deadline:.0f} s ago: it would fail at once",
                hint=f"Give it a new one: orchestra runs resume {run} --timeout SECONDS",
            )
        deadline = None if timeout is None else now + check_seconds(timeout, "A timeout")
        self._resume(self._client.list_workflows(workflow_ids=[run])[0], on_version, deadline)
        return self.show(run)

    def _resume(self, found: Any, on_version: str | None, deadline: float | None) -> None:
        attributes = dict(found.attributes or {})
        version = on_version or version_in(attributes["queue"])
        name_queue = queue_of if found.parent_workflow_id is None else children_queue_of
        attributes["queue"] = name_queue(attributes["orchestrator"], version)
        attributes["stopped"] = None
        for child in self._client.list_workflows(
            parent_workflow_id=found.workflow_id, status="CANCELLED", load_output=False
        ):
            self._resume(child, None, deadline)
        if deadline is not None:
            found.input["args"][0]["context"]["deadline_epoch"] = deadline
            give(self._client, found.workflow_id, found.input)
        put_down_tenant(self._client, found.workflow_id, attributes["tenant"])
        self._client.update_workflow_attributes(found.workflow_id, attributes)
        self._client.resume_workflow(found.workflow_id, queue_name=attributes["queue"])

    def finished_before(self, epoch: float) -> list[str]:
        """Return the ids of runs that nobody else started and that ended before a time in seconds since the
        epoch: succeeded, failed or cancelled, oldest first.

        One that stopped or was given up may still go on, and one with a nested run that has not ended is in
        use: neither is among them.
        """
        found: list[str] = []
        before = datetime.fromtimestamp(epoch, UTC).isoformat()
        offset = 0
        while True:
            page = self._client.list_workflows(
                name=WORKFLOW, status=list(ENDED), has_parent=False, completed_before=before, limit=_PAGE,
                offset=offset, load_input=False, load_output=False,
            )  # fmt: skip
            ended = [one.workflow_id for one in page if not (one.attributes or {}).get("stopped")]
            found += [run for run in ended if self._has_ended(run)]
            if len(page) < _PAGE:
                return found
            offset += _PAGE

    def prune(self, epoch: float) -> list[str]:
        """Delete what :meth:`finished_before` returns, with steps and nested runs; return the ids.

        Their idempotency keys are forgotten with them. One that is resumed in that moment stays.
        """
        return [run for run in self.finished_before(epoch) if delete_ended(self._client, run, epoch)]

    def workers(self) -> list[dict[str, Any]]:
        """Return the living workers, each with what it serves and what it runs."""
        return self._leases.alive()

    def _has_ended(self, run: str) -> bool:
        nested = self._client.list_workflows(parent_workflow_id=run, load_input=False, load_output=False)
        return all(one.status in ENDED and self._has_ended(one.workflow_id) for one in nested)

    def _with_servers(self, runs: list[Run]) -> list[Run]:
        if not any(run.state == "queued" for run in runs):
            return runs
        served = {queue for worker in self.workers() for queue in worker["serves"]}
        return [
            replace(run, served=queue_of(run.orchestrator, run.version) in served)
            if run.state == "queued"
            else run
            for run in runs
        ]

    def _steps(self, run: str) -> tuple[Step, ...]:
        return tuple(
            Step(
                number=row["function_id"],
                name=row["function_name"] if row["child_workflow_id"] is None else "nested run",
                started=_seconds(row.get("started_at_epoch_ms")),
                ended=_seconds(row.get("completed_at_epoch_ms")),
                error=None if row["error"] is None else str(row["error"]),
                child=row["child_workflow_id"],
            )
            for row in self._client.list_workflow_steps(run)
            if row["function_name"] != "DBOS.getResult"
        )

    def _running(self, run: str) -> list[Step]:
        """Return the step in which a living worker says that the run is."""
        told = [worker["running"].get(run) for worker in self.workers()]
        return [Step(now["number"], now["step"], now["since"], None) for now in told if now]

    def _seen(self, found: Any, steps: tuple[Step, ...] = ()) -> Run:
        attributes = found.attributes or {}
        envelope = found.input["args"][0] if found.input else None
        return Run(
            id=found.workflow_id,
            orchestrator=attributes.get("orchestrator", "?"),
            operation=attributes.get("operation", "?"),
            version=version_in(attributes.get("queue", "")),
            tenant=attributes.get("tenant", "?"),
            request=attributes.get("request", "?"),
            state=_state_of(found),
            created=_seconds(found.created_at) or 0.0,
            updated=_seconds(found.updated_at) or 0.0,
            worker=found.executor_id,
            attempts=found.recovery_attempts or 0,
            parent=found.parent_workflow_id,
            why=attributes.get("stopped"),
            deadline=None if envelope is None else envelope["context"]["deadline_epoch"],
            params=None if envelope is None else envelope["params"],
            result=found.output if isinstance(found.output, dict) else None,
            steps=steps,
        )


def _state_of(found: Any) -> State:
    if found.status == "SUCCESS":
        return "succeeded" if (found.output or {}).get("success") else "failed"
    if found.status == "CANCELLED":
        return "stopped" if (found.attributes or {}).get("stopped") else "cancelled"
    engines: dict[str, State] = {
        "ENQUEUED": "queued",
        "DELAYED": "queued",
        "PENDING": "running",
        "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "gave up",
    }
    return engines.get(found.status, "failed")


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
