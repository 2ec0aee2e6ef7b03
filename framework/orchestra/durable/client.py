"""Enqueue runs and wait for them, from a process that runs none itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from dbos import DBOSClient
from dbos import error as engine_errors

from orchestra.durable.engine import VERSION, open_client
from orchestra.durable.errors import (
    IdempotencyConflictError,
    JournalMismatchError,
    RunCancelledError,
    RunGaveUpError,
    RunNotFoundError,
)
from orchestra.durable.requests import Request, request_for
from orchestra.durable.results import result_of_json
from orchestra.durable.store import Store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType
    from typing import Self

    from orchestra.context import OrchestrationContext
    from orchestra.facade import OrchestrationFacade
    from orchestra.stopping import StopSignal

WORKFLOW = "orchestra.run"
"""The one workflow that all runs are."""

_FIRST_LOOK, _LAST_LOOK = 0.02, 0.5


class DurableClient:
    """Puts runs into a store for workers to take up. The facade knows what there is and checks parameters."""

    def __init__(self, store: Store | str, facade: OrchestrationFacade) -> None:
        self.store = Store(store) if isinstance(store, str) else store
        self._facade = facade
        self._client: DBOSClient | None = None

    @property
    def engine_client(self) -> DBOSClient:
        """The engine's client, once opened."""
        assert self._client is not None, "open() it, or use async with"
        return self._client

    async def open(self) -> None:
        """Open the store. Raises StoreUnreachableError, StoreVersionError and NetworkFileSystemError."""
        await asyncio.to_thread(self.store.open)
        self._client = open_client(self.store)
        if self._facade.turns is None:
            await self._facade.take_turns(run_elsewhere)

    async def aclose(self) -> None:
        """Let the store go; runs go on."""
        if self._client is not None:
            await asyncio.to_thread(self._client.destroy)
            self._client = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def submit(
        self,
        orchestrator: str,
        operation: str | None,
        context: OrchestrationContext,
        /,
        **params: Any,
    ) -> str:
        """Enqueue a run and return its id; nothing is enqueued when anything is wrong with it.

        With an idempotency key in the context the run that has it already is returned; raises
        IdempotencyConflictError when that one has other parameters. Raises also what
        :func:`~orchestra.durable.requests.request_for` raises.
        """
        request = await request_for(self._facade, orchestrator, operation, context, params)
        try:
            await self.engine_client.enqueue_async(
                {
                    "workflow_name": WORKFLOW,
                    "workflow_id": request.run,
                    "workflow_id_reuse_policy": "reject",
                    "queue_name": request.queue,
                    "queue_partition_key": context.tenant_id,
                    "app_version": VERSION,
                    "attributes": request.attributes,
                },
                request.envelope,
            )
        except engine_errors.DBOSWorkflowIDInUseError:
            await self.check_same(request)
        return request.run

    async def check_same(self, request: Request) -> None:
        """Raise IdempotencyConflictError unless the run that has this key has these parameters."""
        found = await self.engine_client.list_workflows_async(workflow_ids=[request.run], load_output=False)
        envelope = found[0].input["args"][0] if found and found[0].input else None
        if envelope is not None and envelope["params"] != request.envelope["params"]:
            key = request.envelope["context"]["idempotency_key"]
            raise IdempotencyConflictError(
                f"The idempotency key '{key}' belongs to run {request.run}, which has other parameters",
                hint="Use another key for another request",
                run=request.run,
            )

    async def result(self, run: str) -> Any:
        """Wait for a run and return its result object.

        Raises RunNotFoundError, RunCancelledError, RunGaveUpError and JournalMismatchError.
        """
        if not await self.engine_client.list_workflows_async(
            workflow_ids=[run], load_input=False, load_output=False
        ):
            raise no_such_run(run)
        return result_of_json(await self._outcome(run), self._facade.results)

    async def _outcome(self, run: str) -> Mapping[str, Any]:
        look = _FIRST_LOOK
        while True:
            found = await self.engine_client.list_workflows_async(workflow_ids=[run], load_input=False)
            status: Any = found[0]
            if status.status == "SUCCESS":
                outcome: Mapping[str, Any] = status.output
                return outcome
            if status.status in ("CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "ERROR"):
                raise ended_without_result(status)
            await asyncio.sleep(look)
            look = min(_LAST_LOOK, look * 1.5)


def ended_without_result(status: Any) -> Exception:
    """Return the error for a run that has no result and will have none by itself."""
    run = status.workflow_id
    stopped = (status.attributes or {}).get("stopped")
    if stopped is not None:
        return JournalMismatchError(
            stopped, hint=f"orchestra runs resume {run} --on-version VERSION, on a worker that serves it"
        )
    if status.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        return RunGaveUpError(
            f"Run {run} was taken up {status.recovery_attempts} times and never got to its end",
            hint=f"Mend what takes its worker down, then: orchestra runs resume {run}",
            run=run,
        )
    if status.error is not None:
        return status.error if isinstance(status.error, Exception) else RuntimeError(str(status.error))
    return RunCancelledError(
        f"Run {run} was cancelled", hint=f"To let it go on: orchestra runs resume {run}", run=run
    )


async def run_elsewhere(what: str, function: Callable[[], Awaitable[Any]], stop: StopSignal) -> None:
    """Leave the singleton tasks of a facade that is on a store to its workers."""
    del what, function
    await stop.wait()


def no_such_run(run: str) -> RunNotFoundError:
    """Return the error for an id that the store does not know."""
    return RunNotFoundError(f"The store has no run {run}", hint="orchestra runs ls lists those that it has")


LOST_ITS_RESULT = (
    engine_errors.DBOSAwaitedWorkflowCancelledError,
    engine_errors.DBOSAwaitedWorkflowMaxRecoveryAttemptsExceeded,
)
"""What the engine raises to who awaits a run that will have no result."""
