"""What a call goes through besides the operation itself, when something asks for it.

The hot path in :mod:`orchestra.calling` comes here only with a deadline, a full tenant, spans, a backend,
or an orchestrator that overrides ``can_orchestrate`` or is cleaned up after every call.
"""

from __future__ import annotations

from asyncio import current_task
from time import perf_counter
from typing import TYPE_CHECKING, Any

from orchestra.deadlines import before
from orchestra.results import category_name

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from orchestra.calls import Call
    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade


async def run_guarded(
    facade: OrchestrationFacade, entry: Entry, call: Call, run: Callable[[], Awaitable[Any]]
) -> Any:
    """Wait for a place, within the deadline, and run."""

    deadline = call.context.deadline
    if deadline is not None and call.holds_place and facade.spans is None and entry.plain:
        # Nothing but a deadline: each coroutine left out is a tenth of the price of a call.
        return await (run() if is_armed(call, deadline) else before(deadline, entry.name, run))

    async def admitted() -> Any:
        return await _in_place(facade, entry, call, run)

    if facade.spans is not None:
        with facade.spans.around(call) as span:
            result = await _within_deadline(entry, call, admitted)
            if getattr(result, "success", True) is False:
                facade.spans.fail(span, category_name(result).lower())
            return result
    return await _within_deadline(entry, call, admitted)


async def _within_deadline(entry: Entry, call: Call, admitted: Callable[[], Awaitable[Any]]) -> Any:

    deadline = call.context.deadline
    try:
        if deadline is None or is_armed(call, deadline):
            return await admitted()
        return await before(deadline, entry.name, admitted)
    finally:
        if entry.cleans_up_per_call:
            await entry.orchestrator.cleanup()


def is_armed(call: Call, deadline: float) -> bool:
    """Return whether an outer call's timer, on this very task, covers the deadline; arm this call
    otherwise.
    """
    task = current_task()
    outer = call.outer
    if outer is not None and outer.alive and outer.armed is not None:
        armed_task, armed_deadline = outer.armed
        if armed_task is task and armed_deadline <= deadline:
            call.armed = outer.armed
            return True
    call.armed = (task, deadline)
    return False


async def _in_place(
    facade: OrchestrationFacade, entry: Entry, call: Call, run: Callable[[], Awaitable[Any]]
) -> Any:
    await take_place(facade, entry, call)
    return await run()


async def admit(facade: OrchestrationFacade, entry: Entry, call: Call) -> None:
    """Wait for a place, within the deadline, for a call that goes on after this."""
    deadline = call.context.deadline
    if deadline is None or call.holds_place:
        await take_place(facade, entry, call)
    else:
        await before(deadline, entry.name, lambda: take_place(facade, entry, call))


async def take_place(facade: OrchestrationFacade, entry: Entry, call: Call) -> None:
    """Wait for a place of the tenant where the call has none; the end of the call gives it back."""
    tenants = facade.tenants
    if tenants is None or call.holds_place:
        return
    tenant = call.context.tenant_id
    started = perf_counter()
    try:
        await tenants.wait(tenant)
    finally:
        entry.counters.queue_seconds += perf_counter() - started
    call.slot, call.limit, call.holds_place = tenant, tenants, True
