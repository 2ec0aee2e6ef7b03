"""How a facade calls: the hot path.

What :meth:`Calling.orchestrate` and :meth:`Calling.call` do not do is the design: see
docs/decisions/0010-hot-path.md.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any, overload

from orchestra import default
from orchestra.boundaries import Boundaries
from orchestra.calls import CURRENT
from orchestra.categories import category_of
from orchestra.errors import OrchestratorNotFoundError
from orchestra.events import log_completed, log_started
from orchestra.log import INFO, WARNING, is_enabled
from orchestra.result import StepResult
from orchestra.results import category_name
from orchestra.routing import find_operation, named_parameters, run_found, run_own, run_routed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from orchestra.calls import Call
    from orchestra.context import OrchestrationContext
    from orchestra.entry import Entry
    from orchestra.opentelemetry import Spans
    from orchestra.redaction import Redactor
    from orchestra.results import Results

_MISSING: Any = object()


class Calling(Boundaries):
    """The part of the facade that calls."""

    # Set by the facade's constructor, as its options say.
    redactor: Redactor
    spans: Spans | None
    _own_results: Results | None
    _unknown: str
    _run_guarded: Callable[..., Awaitable[Any]] | None
    _backend: Callable[[Entry, Call, dict[str, Any]], Awaitable[Any]] | None

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
        try:
            entry = self._entries.get(orchestrator_name)
        except TypeError:  # what cannot be a key is no name either
            entry = None
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
            if (
                call.holds_place
                and entry.plain
                and self.spans is None
                and self._backend is None
                and call.context.deadline is None
            ):
                if entry.routed:
                    result = await run_routed(entry.orchestrator, entry.catalog, call.context, kwargs)
                    if type(result) is not StepResult:
                        result = self.results.of(result)
                else:
                    result = await run_own(entry.orchestrator, call.context, kwargs)
            else:
                run_guarded = self._run_guarded or self._load_guards()
                result = await run_guarded(self, entry, call, lambda: self._ask_and_run(entry, call, kwargs))
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
                value = await run_found(entry.orchestrator, found, call, args, kwargs)
            else:
                run_guarded = self._run_guarded or self._load_guards()
                value = await run_guarded(
                    self,
                    entry,
                    call,
                    lambda: run_found(entry.orchestrator, found, call, args, kwargs),
                )
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

    def orchestrate_sync(
        self, orchestrator_name: str, context: OrchestrationContext | None = None, /, **kwargs: Any
    ) -> StepResult:
        """Run :meth:`orchestrate` from a thread without an event loop, and block until it is done."""
        from orchestra.bridge import run_blocking

        self._check_open()
        result: StepResult = run_blocking(
            self._as_facade(), lambda: self.orchestrate(orchestrator_name, context, **kwargs)
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
        return run_blocking(self._as_facade(), lambda: self.call(target, operation, context, *args, **kwargs))

    @property
    def results(self) -> Results:
        """The results of this facade's class, else of the process's."""
        return self._own_results or default.default_results()

    def _load_guards(self) -> Callable[..., Awaitable[Any]]:
        # It imports asyncio, which a program that only defines orchestrators does not pay for.
        from orchestra.guards import run_guarded

        self._run_guarded = run_guarded
        return run_guarded

    async def _ask_and_run(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        if entry.asks_first and not await entry.orchestrator.can_orchestrate(call.context, **params):
            return self.results.skip(f"can_orchestrate() of '{entry.name}' said no")
        return await (self._backend or self.run_here)(entry, call, params)

    def route_through(self, run: Callable[[Entry, Call, dict[str, Any]], Awaitable[Any]] | None, /) -> None:
        """Let a backend run what :meth:`orchestrate` has checked; None gives it back to this process."""
        self._backend = run

    async def run_here(self, entry: Entry, call: Call, params: dict[str, Any]) -> Any:
        """Run in this process what :meth:`orchestrate` has checked; for backends."""
        if entry.routed:
            value = await run_routed(entry.orchestrator, entry.catalog, call.context, params)
            return self.results.of(value)
        return await run_own(entry.orchestrator, call.context, params)

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


def _own_keywords(name: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    """Take name and context from the keywords when nothing was given positionally."""
    if name is not _MISSING:
        return name, None
    if "orchestrator_name" not in params:
        raise TypeError("orchestrate() needs the orchestrator's name: facade.orchestrate(name, context, …)")
    return params.pop("orchestrator_name"), params.pop("context", None)
