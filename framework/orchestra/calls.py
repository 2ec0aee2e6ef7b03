"""The call that is running: the one context variable of the framework."""

from __future__ import annotations

from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextvars import Context

    from orchestra.context import OrchestrationContext
    from orchestra.tenants import TenantLimit


class Call:
    """One call in progress, linked to the call that made it.

    Attributes are assigned by the hot path, without a constructor: that is half the price. ``alive`` turns
    False when the call ends, so that a task which outlives it is not taken for nested work. ``slot`` is the
    tenant whose place in ``limit`` the call itself occupies, unset without a ``limit``; ``holds_place`` is
    also True where none is needed.
    """

    __slots__ = (
        "alive",
        "armed",
        "context",
        "depth",
        "holds_place",
        "layer",
        "limit",
        "name",
        "operation",
        "outer",
        "slot",
        "target",
    )

    context: OrchestrationContext
    name: str
    layer: str | None
    operation: object
    target: object
    outer: Call | None
    depth: int
    alive: bool
    slot: str
    limit: TenantLimit | None
    holds_place: bool
    armed: tuple[object, float] | None

    def shares_place(self, limit: TenantLimit, tenant: str) -> bool:
        """Return whether a call around this one holds a place of this tenant: waiting for another might
        never end.
        """
        call = self.outer
        while call is not None:
            if call.alive and call.limit is limit and call.slot == tenant:
                return True
            call = call.outer
        return False

    def chain(self) -> list[str]:
        """Return the names of the calls from the outermost to this one."""
        names: list[str] = []
        call: Call | None = self
        while call is not None:
            names.append(call.name)
            call = call.outer
        return names[::-1]


#: The operation of an ``orchestrate`` that was called without a facade: no facade counts it.
DIRECT: object = object()

CURRENT: ContextVar[Call | None] = ContextVar("orchestra_call", default=None)


def context_outside_calls() -> Context:
    """Return a copy of the context variables in which no call is running, for tasks that outlive this one."""
    context = copy_context()
    context.run(CURRENT.set, None)
    return context
