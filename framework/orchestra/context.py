"""What travels with a call: tenant, request, trace, depth, deadline."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orchestra import clock
from orchestra.calls import CURRENT
from orchestra.errors import InvalidTimeoutError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True, weakref_slot=True)
class OrchestrationContext:
    """Shared context of an orchestration (the guide, "OrchestrationContext").

    ``deadline`` is an instant of the monotonic clock in seconds; set it with :meth:`with_timeout`. Nested
    calls inherit it, so the budget shrinks by itself. ``idempotency_key`` is what a durable backend
    deduplicates by.
    """

    tenant_id: str
    request_id: str
    metadata: dict[str, Any] = field(default_factory=dict)
    trace_id: str | None = None
    parent_orchestrator: str | None = None
    orchestration_depth: int = 0
    deadline: float | None = None
    idempotency_key: str | None = None

    @staticmethod
    def current() -> OrchestrationContext | None:
        """Return the context of the call that is running here, if one is."""
        call = CURRENT.get()
        return None if call is None else call.context

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> OrchestrationContext:
        """Read tenant, request, W3C trace and deadline from headers; see :mod:`orchestra.headers`."""
        from orchestra.headers import context_from_headers

        return context_from_headers(cls, headers)

    def to_headers(self) -> dict[str, str]:
        """Return the headers that :meth:`from_headers` reads; metadata does not travel."""
        from orchestra.headers import headers_from_context

        return headers_from_context(self)

    def create_child_context(self, parent_name: str) -> OrchestrationContext:
        """Return a context one level deeper: metadata copied, trace and deadline kept, this one unchanged.

        The idempotency key stays behind: it names this call, not the calls that this one makes.
        """
        return OrchestrationContext(
            self.tenant_id,
            self.request_id,
            dict(self.metadata),
            self.trace_id,
            parent_name,
            self.orchestration_depth + 1,
            self.deadline,
        )

    def with_timeout(self, seconds: float) -> OrchestrationContext:
        """Return a copy whose deadline is at most ``seconds`` from now; an earlier one stays."""
        deadline = clock.current_clock().monotonic() + check_seconds(seconds, "A timeout")
        if self.deadline is not None:
            deadline = min(deadline, self.deadline)
        return replace(self, deadline=deadline)

    def remaining(self) -> float | None:
        """Return the seconds until the deadline, not below zero; None without one."""
        if self.deadline is None:
            return None
        return max(0.0, self.deadline - clock.current_clock().monotonic())

    def __reduce__(self) -> tuple[Any, ...]:
        # The monotonic clock means nothing in another process: the deadline travels as time of day.
        values = [getattr(self, name) for name in self.__dataclass_fields__]
        return _rebuild, (type(self), values, epoch_of_deadline(self.deadline))


def check_seconds(seconds: object, what: str) -> float:
    """Return a duration in seconds; raise InvalidTimeoutError for what is negative or no number."""
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds < math.inf:
        return float(seconds)
    raise InvalidTimeoutError(
        f"{what} of {seconds!r} seconds makes no sense",
        hint="Give a number of seconds that is zero or more",
        seconds=repr(seconds),
    )


def epoch_of_deadline(deadline: float | None) -> float | None:
    """Return the time of day at which a deadline passes."""
    if deadline is None:
        return None
    now = clock.current_clock()
    return now.time() + deadline - now.monotonic()


def deadline_of_epoch(epoch: float | None) -> float | None:
    """Return the instant of this process's monotonic clock for a time of day."""
    if epoch is None:
        return None
    now = clock.current_clock()
    return now.monotonic() + epoch - now.time()


def _rebuild(
    kind: type[OrchestrationContext], values: list[Any], epoch: float | None
) -> OrchestrationContext:
    context = kind(*values)
    context.deadline = deadline_of_epoch(epoch)
    return context
