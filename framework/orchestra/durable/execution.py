"""The one workflow that every run is, and what it does with a facade.

Because this workflow never changes, the engine cannot see that an operation did: the queue says which version
a run belongs to, and the journal is compared with the code step by step.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from dbos import DBOS, SetWorkflowAttributes, SetWorkflowID
from dbos import error as engine_errors

from orchestra.calls import CURRENT, Call
from orchestra.durable.client import LOST_ITS_RESULT, WORKFLOW, ended_without_result
from orchestra.durable.crossing import read_parameters
from orchestra.durable.engine import hand_over
from orchestra.durable.errors import JournalMismatchError, RunCancelledError
from orchestra.durable.journaled import JournaledRun, mismatch_of
from orchestra.durable.names import children_queue_of
from orchestra.durable.places import line_of_tenant
from orchestra.durable.requests import FORMAT, Request, durable_operation, envelope_of
from orchestra.durable.results import result_as_json, result_of_json
from orchestra.envelopes import context_of_json
from orchestra.errors import InvalidOptionError, NotSerializableError
from orchestra.journal import JOURNAL
from orchestra.versions import version_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence

    from dbos import DBOSClient

    from orchestra.context import OrchestrationContext
    from orchestra.durable.places import Places
    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade

TAKEN_UP = 50
"""How often a run is taken up before it counts as one that takes its workers down."""

_OURS = frozenset({WORKFLOW, "DBOS.getResult"})
"""What the engine itself writes into a journal."""

#: How the next workflow that begins on this very task gets its result; None when it comes out of a queue.
_BODY: ContextVar[Callable[[], Awaitable[Any]] | None] = ContextVar("orchestra_body", default=None)


_served: list[Execution] = []


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=TAKEN_UP)
async def run_workflow(envelope: dict[str, Any]) -> dict[str, Any]:
    """Run what an envelope says on the facade that this process serves."""
    if not _served:
        raise asyncio.CancelledError  # closed meanwhile: the run stays for others
    return await _served[0].execute(envelope)


def serve(execution: Execution | None) -> None:
    """Make this the execution of this process, or None. Raises InvalidOptionError for a second."""
    if execution is None:
        _served.clear()
    elif _served:
        raise InvalidOptionError(
            "Another durable backend is open in this process", hint="Close it first, or use a DurableClient"
        )
    else:
        _served.append(execution)


class Execution:
    """The runs that are running in this process."""

    def __init__(
        self,
        facade: OrchestrationFacade,
        client: DBOSClient,
        loop: asyncio.AbstractEventLoop,
        *,
        concurrency: int,
        worker: str,
        places: Places,
    ) -> None:
        self._worker = worker
        self._places = places
        self._facade = facade
        self._client = client
        self._loop = loop
        self._slots = asyncio.Semaphore(max(1, concurrency))
        self._running: dict[str, JournaledRun] = {}
        self._stops = False
        facade.route_through(self._route)

    def progress(self) -> dict[str, Any]:
        """Return the runs that are running here, each with its step; called from any thread."""
        return {run: journaled.progress() for run, journaled in self._running.copy().items()}

    async def run(self, request: Request) -> Any:
        """Run a request here and return its result object; the engine's error when the id is taken."""
        abandoned: dict[str, str] = {}

        async def body() -> Any:
            journaled = JOURNAL.get()
            assert isinstance(journaled, JournaledRun)
            journaled.abandoned = abandoned
            return await self._call(request.envelope)

        _BODY.set(body)
        try:
            with (
                SetWorkflowID(request.run, workflow_id_reuse_policy="reject"),
                SetWorkflowAttributes(request.attributes),
            ):
                outcome = await run_workflow(request.envelope)
        except LOST_ITS_RESULT as error:
            found = await self._client.list_workflows_async(workflow_ids=[request.run])
            raise ended_without_result(found[0]) from error
        except asyncio.CancelledError:  # the caller has gone, which is no reason for the run to end
            tenant = request.attributes["tenant"]
            for run, queue in {request.run: request.queue, **abandoned}.items():
                await asyncio.to_thread(hand_over, self._client, run, self._worker, queue, tenant)
            raise
        finally:
            _BODY.set(None)
        return result_of_json(outcome, self._facade.results)

    async def execute(self, envelope: Mapping[str, Any]) -> dict[str, Any]:
        """Be the workflow: run the call, and return its result as JSON."""
        body = _BODY.get()
        _BODY.set(None)
        run = str(DBOS.workflow_id)
        if self._stops:
            raise asyncio.CancelledError
        outer = JOURNAL.get()
        journaled = JournaledRun(
            run,
            asyncio.current_task(),
            opens="child" not in envelope or body is None,
            needs_place="child" not in envelope,
            abandoned=outer.abandoned if isinstance(outer, JournaledRun) else None,
        )
        if envelope.get("format", 1) > FORMAT:
            return await self._refuse_newer(run, envelope)
        async with self._registered(journaled, envelope):
            if body is not None:
                result = await body()
            elif "child" in envelope:
                result = await self._call(envelope)
            else:
                async with self._slots:
                    result = await self._call(envelope)
            await self._check_journal(journaled, envelope)
            while journaled.abandoned:  # a deadline passed in them, and this run went on without them
                left, _ = journaled.abandoned.popitem()
                await asyncio.to_thread(self._client.cancel_workflow, left, cancel_children=True)
            try:
                return result_as_json(result)
            except NotSerializableError as error:
                return result_as_json(self._facade.results.fail(error))

    def cancel_soon(self, runs: Sequence[str]) -> None:
        """Cancel the tasks of runs that were cancelled in the store; called from the heartbeat."""
        self._loop.call_soon_threadsafe(self._cancel, runs)

    async def stop(self) -> None:
        """Stop what runs here; it stays in the store for others."""
        self._stops = True
        self._facade.route_through(None)
        own = asyncio.current_task()
        tasks = {one.task for one in self._running.values() if one.task not in (None, own)}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=self._facade.cleanup_timeout)

    # -- one run ---------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _registered(self, journaled: JournaledRun, envelope: Mapping[str, Any]) -> AsyncIterator[None]:
        self._running[journaled.run] = journaled
        token = JOURNAL.set(journaled)
        try:
            yield
        except asyncio.CancelledError:
            if journaled.is_cancelled and journaled.task is not None:
                journaled.task.uncancel()
                raise _cancelled(journaled.run) from None
            if journaled.is_child:
                queue = children_queue_of(envelope["orchestrator"], envelope["version"])
                journaled.abandoned[journaled.run] = queue
            raise
        finally:
            JOURNAL.reset(token)
            self._running.pop(journaled.run, None)

    async def _call(self, envelope: Mapping[str, Any]) -> Any:
        facade = self._facade
        try:
            params = {**await self._parameters(envelope), "operation": envelope["operation"]}
            context = context_of_json(envelope["context"])
            with _parent_of(context, facade) if "child" in envelope else nullcontext():
                return await facade.orchestrate(envelope["orchestrator"], context, **params)
        except Exception as error:  # noqa: BLE001 - refused before it ran: a failure like any other
            return facade.results.fail(error)

    async def _parameters(self, envelope: Mapping[str, Any]) -> Mapping[str, Any]:
        written: Mapping[str, Any] = envelope["params"]
        typed = envelope.get("typed")
        entry = await self._facade.registry.find_async(envelope["orchestrator"]) if typed else None
        operation = None if entry is None else entry.catalog.operations.get(envelope["operation"])
        if entry is None or operation is None:
            return written
        return read_parameters(entry, operation, written, typed or ())

    async def _route(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        """Run what the facade was asked for: inside a run, a durable operation is a run of its own."""
        journaled = JOURNAL.get()
        if not isinstance(journaled, JournaledRun):
            return await self._facade.run_here(entry, call, params)
        if journaled.opens:
            journaled.opens = False
            tenants = self._facade.tenants
            if tenants is None or not journaled.needs_place:
                return await self._facade.run_here(entry, call, params)
            async with self._places.one_of(tenants.limit, line_of_tenant(call.context.tenant_id)):
                return await self._facade.run_here(entry, call, params)
        if not _names_a_durable_operation(entry, params):
            return await self._facade.run_here(entry, call, params)
        return await self._run_child(entry, call, params)

    async def _run_child(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        operation = durable_operation(entry, params.pop("operation", None))
        envelope = {**envelope_of(entry, operation, call.context, params), "child": True}
        request = Request("", children_queue_of(entry.name, envelope["version"]), envelope)

        async def body() -> Any:
            try:
                return await self._facade.run_here(entry, call, {**params, "operation": operation.name})
            except Exception as error:  # noqa: BLE001 - an exception becomes a failure that keeps it
                return self._facade.results.fail(error)

        _BODY.set(body)
        try:
            with SetWorkflowAttributes(request.attributes):
                outcome = await run_workflow(envelope)
        except LOST_ITS_RESULT as error:
            raise _cancelled(f"of {entry.name}.{operation.name}") from error
        except engine_errors.DBOSUnexpectedStepError as error:
            journaled = JOURNAL.get()
            assert isinstance(journaled, JournaledRun)
            journaled.mismatch = mismatch_of(journaled.run, error)
            raise journaled.mismatch from error
        finally:
            _BODY.set(None)
        return result_of_json(outcome, self._facade.results)

    async def _check_journal(self, journaled: JournaledRun, envelope: Mapping[str, Any]) -> None:
        """Stop a run whose journal does not fit, so that it keeps its journal and can be resumed."""
        if journaled.mismatch is None and self._is_on_another_version(envelope):
            steps = await self._client.list_workflow_steps_async(journaled.run)
            left = [one["function_name"] for one in steps if one["function_name"] not in _OURS]
            if len(left) > journaled.steps:
                journaled.mismatch = JournalMismatchError(
                    f"The journal of run {journaled.run} does not fit the code: the code ended after "
                    f"{journaled.steps} of its {len(left)} steps",
                )
        if journaled.mismatch is not None:
            await asyncio.to_thread(self._halt, journaled.run, journaled.mismatch.message)

    async def _refuse_newer(self, run: str, envelope: Mapping[str, Any]) -> dict[str, Any]:
        why = (
            f"Run {run} was written by a newer version of orchestra (format {envelope['format']}, and this "
            f"worker reads up to {FORMAT}): upgrade the workers, then resume it"
        )
        await asyncio.to_thread(self._halt, run, why)
        return result_as_json(self._facade.results.fail(JournalMismatchError(why)))

    def _halt(self, run: str, why: str) -> None:
        found = self._client.list_workflows(workflow_ids=[run], load_input=False, load_output=False)[0]
        self._client.update_workflow_attributes(run, {**(found.attributes or {}), "stopped": why})
        self._client.cancel_workflow(run)

    def _is_on_another_version(self, envelope: Mapping[str, Any]) -> bool:
        entry = self._facade.registry.entries.get(envelope["orchestrator"])
        operation = None if entry is None else entry.catalog.operations.get(envelope["operation"])
        if entry is None or operation is None:
            return False
        version: str = envelope["version"]
        return version_of(type(entry.orchestrator), operation) != version

    def _cancel(self, runs: Sequence[str]) -> None:
        found = [self._running[run] for run in runs if run in self._running]
        fresh = [one for one in found if not one.is_cancelled]
        for one in fresh:
            one.is_cancelled = True
        for task in {one.task for one in fresh if one.task is not None}:
            task.cancel()


@contextmanager
def _parent_of(context: OrchestrationContext, facade: OrchestrationFacade) -> Iterator[None]:
    """Stand in for the call that a nested run belongs to, which goes on elsewhere: it holds the place of the
    tenant for both, and waits for this one.
    """
    call = Call()
    call.context = context
    call.name, call.operation, call.target = context.parent_orchestrator or "?", None, None
    call.layer = call.outer = call.armed = None
    call.depth = context.orchestration_depth - 1
    call.slot, call.limit = context.tenant_id, facade.tenants
    call.alive = call.holds_place = True
    token = CURRENT.set(call)
    try:
        yield
    finally:
        CURRENT.reset(token)


def _names_a_durable_operation(entry: Entry, params: Mapping[str, Any]) -> bool:
    name = params.get("operation") or entry.catalog.default
    operation = entry.catalog.operations.get(name) if isinstance(name, str) else None
    if operation is None or not entry.routed:
        return False
    return bool(operation.options.durable)


def _cancelled(run: str) -> RunCancelledError:
    return RunCancelledError(f"Run {run} was cancelled", hint="orchestra runs resume lets it go on", run=run)
