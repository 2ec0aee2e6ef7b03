"""The facade: one place to register orchestrators, call them, and close them.

:meth:`OrchestrationFacade.orchestrate` and :meth:`~OrchestrationFacade.call` are the hot path. What they do
not do is the design: see docs/decisions/0010-hot-path.md.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, overload
from weakref import WeakSet

from orchestra import default
from orchestra.base import BaseOrchestrator
from orchestra.calls import CURRENT, Call
from orchestra.categories import category_of
from orchestra.context import OrchestrationContext, check_seconds
from orchestra.entry import CleanupPolicy, Entry
from orchestra.errors import (
    DepthExceededError,
    InvalidContextError,
    InvalidOptionError,
    OrchestratorFailedError,
    OrchestratorNotFoundError,
)
from orchestra.events import log_completed, log_started
from orchestra.layer_policy import check_call
from orchestra.log import INFO, WARNING, is_enabled
from orchestra.protocol import check_orchestrator
from orchestra.redaction import Redactor
from orchestra.registrations import Registrations
from orchestra.result import StepResult
from orchestra.results import Results, category_name
from orchestra.routing import (
    change_lifecycle,
    check_fit,
    find_operation,
    named_parameters,
    run_operation,
    run_own,
    run_routed,
)
from orchestra.runtime import runtime_of
from orchestra.tenants import TenantLimit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import TracebackType
    from typing import Self

    from orchestra.catalog import Operation
    from orchestra.closing import CloseReport
    from orchestra.opentelemetry import Spans
    from orchestra.streams import Stream

_MISSING: Any = object()


def legacy_root_context() -> OrchestrationContext:
    """Return the context of callers that have none (the guide, "Backward Compatibility Strategies")."""
    from uuid import uuid4

    return OrchestrationContext("legacy", str(uuid4()))


class OrchestrationFacade(Registrations):
    """Unified entry point for all orchestration (the guide, "OrchestrationFacade").

    ``async with OrchestrationFacade() as facade:`` starts and closes everything. Options, all keywords:

    - ``result_class``: makes the results; see :func:`orchestra.configure`.
    - ``unknown``: "raise" or "fail" for a name that is not registered.
    - ``cleanup_policy``: "on_close", or "per_call" to clean up after every call.
    - ``cleanup_timeout``: seconds that calls in flight, and then each ``cleanup``, may take when the facade
      closes.
    - ``root_context``: makes the context of a call that is given none and is not nested.
    - ``max_depth``: how deep calls may nest.
    - ``layers``: "off", or "enforce" to refuse calls against the direction of the layers.
    - ``tenant_limit``, ``tenant_queue``: calls that one tenant may have running, and waiting.
    - ``redact``: further words that mark a parameter as secret.
    """

    def __init__(
        self,
        *,
        result_class: type[Any] | None = None,
        unknown: Literal["raise", "fail"] = "raise",
        cleanup_policy: CleanupPolicy = "on_close",
        cleanup_timeout: float = 5.0,
        root_context: Callable[[], OrchestrationContext] = legacy_root_context,
        max_depth: int = 32,
        layers: Literal["off", "enforce"] = "off",
        tenant_limit: int | None = None,
        tenant_queue: int = 1000,
        redact: Iterable[str] = (),
    ) -> None:
        _check_choice("unknown", unknown, ("raise", "fail"))
        _check_choice("cleanup_policy", cleanup_policy, ("on_close", "per_call"))
        _check_choice("layers", layers, ("off", "enforce"))
        if tenant_limit is not None and tenant_limit < 1:
            raise InvalidOptionError(f"tenant_limit={tenant_limit} lets nobody in", hint="Give 1 or more")
        super().__init__(cleanup_policy)
        self.tenants = None if tenant_limit is None else TenantLimit(tenant_limit, tenant_queue)
        self.redactor = Redactor(redact)
        self.cleanup_timeout = check_seconds(cleanup_timeout, "A clean-up timeout")
        self._own_results = None if result_class is None else Results(result_class)
        self._unknown = unknown
        self._root_context = root_context
        self._max_depth = max_depth
        self._enforces_layers = layers == "enforce"
        self._streams: WeakSet[Stream] = WeakSet()
        self.spans: Spans | None = None
        self._run_guarded: Callable[..., Awaitable[Any]] | None = None
        self.observers: list[Callable[[], None]] = []
        self.resolvers: dict[str, Callable[[Any], Any]] = {}

    # -- calls -----------------------------------------------------------------------------------------------

    @overload
    async def orchestrate(
        self, orchestrator_name: str, context: OrchestrationContext | None = None, /, **kwargs: Any
    ) -> StepResult: ...

    @overload
    async def orchestrate(
        self, *, orchestrator_name: str, context: OrchestrationContext | None = None, **kwargs: Any
    ) -> StepResult: ...

    async def orchestrate(  # type: ignore[misc]  # noqa: C901, PLR0912 - one function: each call costs
        self, orchestrator_name: Any = _MISSING, context: Any = _MISSING, /, **kwargs: Any
    ) -> Any:
        """Run an orchestration and return its result; an exception in it becomes a failed result.

        Without a context one is derived from the call that is running, else from ``root_context``. The
        keywords are the operation's: ``orchestrator_name`` and ``context`` are ours only when nothing is
        given positionally. Raises OrchestratorNotFoundError (see ``unknown``), FacadeClosedError,
        InvalidContextError, DepthExceededError and LayerViolationError; cancellation passes through.
        """
        if context is _MISSING:
            orchestrator_name, context = _own_keywords(orchestrator_name, kwargs)
        entry = self._entries.get(orchestrator_name)
        if entry is None or self._closed:
            try:
                entry = await self._find(orchestrator_name)
            except OrchestratorNotFoundError as error:
                if self._unknown == "fail":
                    return self.results.fail(error)
                raise
        call = self._begin(entry, context, kwargs.get("operation"), by_name=True)
        logs = is_enabled(INFO)
        if logs:
            log_started(entry.runtime, call.context, call.operation, kwargs, self.redactor)
        token = CURRENT.set(call)
        started = perf_counter()
        try:
            if call.holds_place and entry.plain and self.spans is None and call.context.deadline is None:
                result = await self._run(entry, call, kwargs)
            else:
                run = self._run if entry.plain else self._ask_and_run
                run_guarded = self._run_guarded or self._load_guards()
                result = await run_guarded(self, entry, call, lambda: run(entry, call, kwargs))
            success = getattr(result, "success", None)
            if success is None:
                self.results.check(result, entry.name)
        except Exception as error:  # noqa: BLE001 - an exception becomes a failure that keeps it
            result = self.results.fail(error)
            success = False
        except BaseException:
            entry.counters.fail("CANCELLED")
            raise
        finally:
            CURRENT.reset(token)
            elapsed = perf_counter() - started
            self._end(entry, call, elapsed)
        if not success:
            entry.counters.fail(category_name(result))
            logs = is_enabled(WARNING)
        if logs:
            log_completed(entry.runtime, call.context, call.operation, result, elapsed)
        return result

    async def call(
        self,
        target: str | object,
        operation: str,
        context: OrchestrationContext | None = None,
        /,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Run one operation of an orchestrator, registered or not; return what it returned, raise what it
        raised.

        For callers that keep the legacy method's contract: no result object is made, a failed result that the
        operation *returned* is handed back. Raises also what :meth:`orchestrate` raises, and
        OperationNotFoundError (an AttributeError).
        """
        entry = self._entries.get(target) if isinstance(target, str) else self._entry_of(target)
        if entry is None or self._closed:
            entry = await self._find(target)
        found = find_operation(entry.orchestrator, entry.catalog, operation)
        call = self._begin(entry, context, operation, by_name=isinstance(target, str))
        logs = is_enabled(INFO)
        if logs:
            log_started(
                entry.runtime, call.context, operation, named_parameters(found, args, kwargs), self.redactor
            )
        token = CURRENT.set(call)
        started = perf_counter()
        failure: BaseException | None = None
        value: Any = None
        try:
            if call.holds_place and entry.plain and self.spans is None and call.context.deadline is None:
                value = await _call(entry, found, call, args, kwargs)
            else:
                run_guarded = self._run_guarded or self._load_guards()
                value = await run_guarded(self, entry, call, lambda: _call(entry, found, call, args, kwargs))
        except BaseException as error:
            failure = error
            raise
        finally:
            CURRENT.reset(token)
            elapsed = perf_counter() - started
            self._end(entry, call, elapsed)
            if failure is not None or logs:
                self._note(entry, call, value, failure, elapsed)
        if isinstance(value, self.results.kind) and not getattr(value, "success", True):
            entry.counters.fail(category_name(value))
        return value

    def stream(
        self,
        target: str | object,
        operation: str,
        context: OrchestrationContext | None = None,
        /,
        *args: Any,
        **kwargs: Any,
    ) -> Stream:
        """Return an async iterator over what an async generator operation yields; see :class:`Stream`."""
        from orchestra.guards import admit
        from orchestra.streams import Stream, open_items

        async def open_(stream: Stream) -> Any:
            entry = self._entries.get(target) if isinstance(target, str) else self._entry_of(target)
            if entry is None or self._closed:
                entry = await self._find(target)
            found = find_operation(entry.orchestrator, entry.catalog, operation)
            call = self._begin(entry, context, operation, by_name=isinstance(target, str))
            stream.entry, stream.call, stream.on_end = entry, call, self._end_stream
            self._streams.add(stream)
            await admit(self, entry, call)
            token = CURRENT.set(call)
            try:
                if found is not None and found.plain and not args:
                    check_fit(entry.orchestrator, found, kwargs)
                value = await _call(entry, found, call, args, kwargs)
                return await open_items(entry.name, operation, value)
            finally:
                CURRENT.reset(token)

        return Stream(open_)

    def orchestrate_sync(
        self, orchestrator_name: str, context: OrchestrationContext | None = None, /, **kwargs: Any
    ) -> StepResult:
        """Run :meth:`orchestrate` from a thread without an event loop, and block until it is done."""
        from orchestra.bridge import run_blocking

        self._check_open()
        result: StepResult = run_blocking(
            self, lambda: self.orchestrate(orchestrator_name, context, **kwargs)
        )
        return result

    def call_sync(
        self,
        target: str | object,
        operation: str,
        context: OrchestrationContext | None = None,
        /,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Run :meth:`call` from a thread without an event loop, and block until it is done."""
        from orchestra.bridge import run_blocking

        self._check_open()
        return run_blocking(self, lambda: self.call(target, operation, context, *args, **kwargs))

    def resolve_with(self, kind: str, load: Callable[[Any], Any], /) -> None:
        """Say how a ``Ref(kind, id)`` is loaded when it arrives at a durable operation: ``load(id)``, sync or
        async.
        """
        self.resolvers[kind] = load

    # -- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Build what factories build and start all background tasks. Optional: calls start what they need."""
        self._check_open()
        for name in tuple(self.registry.factories):
            await self.registry.find_async(name)
        for entry in tuple(self._entries.values()):
            self.closer.bind()
            entry.runtime.attach(self)
            entry.runtime.ensure_started()

    async def aclose(self) -> CloseReport:
        """Close everything, in reverse order of start, bounded; idempotent. Nothing is raised: see the
        report.

        Calls in flight may end within ``cleanup_timeout``, with the calls that they make; then they are
        cancelled. New ones are refused. A second ``aclose`` waits for the first.
        """
        self.closer.check_loop()
        self._closed = True
        return await self.closer.close_all()

    def close(self) -> CloseReport:
        """Run :meth:`aclose` from a thread without an event loop."""
        from orchestra.bridge import close_blocking

        return close_blocking(self)

    @property
    def is_closed(self) -> bool:
        """Whether :meth:`aclose` was called."""
        return self._closed

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def metrics(self) -> dict[str, Any]:
        """Return the counters: per orchestrator, and per tenant what runs and waits now."""
        orchestrators = {entry.name: entry.measure() for entry in self.known_entries()}
        tenants = {} if self.tenants is None else self.tenants.snapshot()
        return {"orchestrators": orchestrators, "tenants": tenants}

    def health(self) -> dict[str, Any]:
        """Return ``healthy`` and, per orchestrator, its state and those of its background tasks."""
        found = {entry.name: entry.runtime.health() for entry in self.known_entries()}
        return {
            "healthy": all(one["healthy"] for one in found.values()),
            "closed": self._closed,
            "orchestrators": found,
        }

    @property
    def results(self) -> Results:
        """The results of this facade's class, else of the process's."""
        return self._own_results or default.default_results()

    # -- the hot path ----------------------------------------------------------------------------------------

    def _begin(
        self, entry: Entry, context: OrchestrationContext | None, operation: object, *, by_name: bool
    ) -> Call:
        """Check and link a call before anything of it runs."""
        runtime = entry.runtime
        if not runtime.ready or (entry.has_tasks and runtime.is_orphaned):
            self._start(entry, operation)
        outer = CURRENT.get()
        if context is None:
            context = (
                self._root_context() if outer is None else outer.context.create_child_context(outer.name)
            )
        elif not isinstance(context, OrchestrationContext):
            raise _no_context(context)
        call = Call()
        call.context = context
        call.name = entry.name
        call.operation = operation
        call.target = entry.orchestrator
        call.layer = entry.layer
        call.outer = None
        call.depth = context.orchestration_depth
        call.limit = call.armed = None
        call.alive = call.holds_place = True
        if outer is not None and outer.alive:
            self._nest(entry, call, outer, by_name=by_name)
        if call.depth >= self._max_depth:
            raise _too_deep(call, self._max_depth)
        limit = self.tenants
        if limit is not None:
            tenant = context.tenant_id
            if outer is None or not call.shares_place(limit, tenant):
                call.holds_place = limit.enter(tenant)
                if call.holds_place:
                    call.slot, call.limit = tenant, limit
        entry.counters.in_flight += 1
        return call

    def _load_guards(self) -> Callable[..., Awaitable[Any]]:
        # It imports asyncio, which a program that only defines orchestrators does not pay for.
        from orchestra.guards import run_guarded

        self._run_guarded = run_guarded
        return run_guarded

    def _nest(self, entry: Entry, call: Call, outer: Call, *, by_name: bool) -> None:
        call.outer = outer
        call.depth = max(call.depth, outer.depth + 1)
        if self._enforces_layers:
            check_call(outer, outer.layer, entry.orchestrator, entry.name, entry.layer, by_name=by_name)

    def _end(self, entry: Entry, call: Call, elapsed: float) -> None:
        call.alive = False
        counters = entry.counters
        counters.in_flight -= 1
        counters.record(elapsed)
        limit = call.limit
        if limit is not None:
            limit.leave(call.slot)
        if self.observers:
            for look in tuple(self.observers):
                look()

    async def _run(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        if entry.routed:
            return await run_routed(entry.orchestrator, entry.catalog, call.context, params, self.results)
        return await run_own(entry.orchestrator, call.context, params)

    async def _ask_and_run(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        if entry.asks_first and not await entry.orchestrator.can_orchestrate(call.context, **params):
            return self.results.skip(f"can_orchestrate() of '{entry.name}' said no")
        return await self._run(entry, call, params)

    def route_through(self, run: Callable[[Entry, Call, dict[str, Any]], Awaitable[Any]] | None, /) -> None:
        """Let a backend run what :meth:`orchestrate` has checked; None gives it back to this process."""
        if run is None:
            self.__dict__.pop("_run", None)
        else:
            self.__dict__["_run"] = run

    async def run_here(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        """Run in this process what :meth:`orchestrate` has checked; for backends."""
        return await OrchestrationFacade._run(self, entry, call, params)

    # -- the rest --------------------------------------------------------------------------------------------

    def _start(self, entry: Entry, operation: object) -> None:
        runtime = entry.runtime
        if runtime.state == "failed" and operation == "start":
            runtime.rearm()
        elif runtime.state == "failed":
            raise OrchestratorFailedError(
                f"'{entry.name}' refuses calls: {runtime.reason}",
                hint="Mend the cause and start it again with operation='start'",
                name=entry.name,
            )
        self.closer.bind()
        runtime.ensure_started()

    async def _find(self, target: object) -> Entry:
        """Return the entry of a name that has none yet, or raise."""
        self._check_open()
        if not isinstance(target, str):
            return self._entry_of(target)
        entry = await self.registry.find_async(target)
        if entry is None:
            raise self.registry.not_found(target)
        entry.runtime.attach(self)
        return entry

    def _entry_of(self, orchestrator: object) -> Entry:
        """Return the entry of an instance, registered here or kept with the instance itself."""
        name = check_orchestrator(orchestrator) if not isinstance(orchestrator, BaseOrchestrator) else None
        if name is not None and not hasattr(orchestrator, "__dict__"):
            entry = self._entries.get(name)
            if entry is None or entry.orchestrator is not orchestrator:
                raise self.registry.not_found(name)
            return entry
        runtime = runtime_of(orchestrator)
        entry = runtime.entries.get(self)
        if entry is None:
            found = self._entries.get(name or runtime.label)
            if found is None or found.orchestrator is not orchestrator:
                found = Entry(orchestrator, name or runtime.label, self.registry.cleanup_policy)
                self._loose.add(found)
            entry = runtime.entries[self] = found
        return entry

    def _end_stream(self, stream: Stream, elapsed: float) -> None:
        self._streams.discard(stream)
        if stream.entry is not None and stream.call is not None:
            self._end(stream.entry, stream.call, elapsed)

    async def close_streams(self) -> None:
        """Close the streams that are open and from which nobody reads at this moment."""
        for stream in tuple(self._streams):
            await stream.aclose()

    def _note(
        self, entry: Entry, call: Call, value: Any, failure: BaseException | None, elapsed: float
    ) -> None:
        """Count and log how a plain call ended."""
        if failure is None:
            log_completed(entry.runtime, call.context, call.operation, value, elapsed)
            return
        category = category_of(failure)
        entry.counters.fail(category.name)
        if isinstance(failure, Exception):
            result = StepResult.fail(failure, category)
            log_completed(entry.runtime, call.context, call.operation, result, elapsed)


async def _call(
    entry: Entry, operation: Operation | None, call: Call, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    if operation is None:
        return await change_lifecycle(entry.orchestrator, str(call.operation))
    return await run_operation(entry.orchestrator, operation, call.context, args, params)


def _own_keywords(name: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    """Take name and context from the keywords when nothing was given positionally."""
    if name is not _MISSING:
        return name, None
    if "orchestrator_name" not in params:
        raise TypeError("orchestrate() needs the orchestrator's name: facade.orchestrate(name, context, …)")
    return params.pop("orchestrator_name"), params.pop("context", None)


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InvalidOptionError(f"{name}={value!r} is unknown", hint=f"Use one of {', '.join(choices)}")


def _no_context(context: object) -> InvalidContextError:
    return InvalidContextError(
        f"{type(context).__name__} is no context",
        hint="Pass OrchestrationContext(tenant_id=…, request_id=…), or None to derive one",
    )


def _too_deep(call: Call, limit: int) -> DepthExceededError:
    chain = call.chain()
    return DepthExceededError(
        f"Calls nest deeper than {limit}: {' -> '.join(chain)}",
        hint="Break the circle, or raise max_depth",
        chain=chain,
    )
