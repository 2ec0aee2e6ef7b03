"""Where each call begins and ends: checked, linked to the call around it, counted.

Part of the hot path; see docs/decisions/0010-hot-path.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.calls import CURRENT, Call
from orchestra.context import OrchestrationContext
from orchestra.errors import DepthExceededError, InvalidContextError, OrchestratorFailedError
from orchestra.layer_policy import check_call
from orchestra.registrations import Registrations

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestra.entry import Entry
    from orchestra.tenants import TenantLimit


class Boundaries(Registrations):
    """The part of the facade that begins and ends calls."""

    # Set by the facade's constructor, as its options say.
    tenants: TenantLimit | None
    observers: list[Callable[[], None]]
    _root_context: Callable[[], OrchestrationContext]
    _max_depth: int
    _enforces_layers: bool

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
