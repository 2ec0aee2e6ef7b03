"""A limit on the calls that one tenant has in progress: first come, first served, per tenant."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from orchestra.errors import TenantQueueFullError

if TYPE_CHECKING:
    import asyncio


class TenantLimit:
    """Counts running calls per tenant and queues the rest. Nothing is kept of a tenant that is idle."""

    __slots__ = ("_limit", "_longest", "_queues", "_running")

    def __init__(self, limit: int, longest_queue: int) -> None:
        self._limit = limit
        self._longest = longest_queue
        self._running: dict[str, int] = {}
        self._queues: dict[str, deque[asyncio.Future[bool]]] = {}

    def enter(self, tenant: str) -> bool:
        """Take a place and return True, or return False when the caller has to wait."""
        running = self._running.get(tenant, 0)
        if running >= self._limit:  # a place that is given back goes to who waits, without being free
            return False
        self._running[tenant] = running + 1
        return True

    async def wait(self, tenant: str) -> None:
        """Wait for a place; raise TenantQueueFullError when too many wait already."""
        import asyncio

        queue = self._queues.setdefault(tenant, deque())
        if len(queue) >= self._longest:
            raise TenantQueueFullError(
                f"Tenant '{tenant}' has {len(queue)} calls waiting and may have no more",
                hint="Try again later, or raise tenant_queue",
                tenant=tenant,
            )
        place: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if (
                place.done() and not place.cancelled()
            ):  # the place was given and the call cancelled in one turn
                self.leave(tenant)
            raise
        finally:
            self._forget(tenant, place)

    def leave(self, tenant: str) -> None:
        """Give the place back, to the first who waits."""
        place = self._next_in_line(tenant) if self._queues else None
        if place is not None:
            from orchestra.stopping import wake

            wake(place)
            return
        running = self._running[tenant] - 1
        if running:
            self._running[tenant] = running
        else:
            del self._running[tenant]

    def _next_in_line(self, tenant: str) -> asyncio.Future[bool] | None:
        queue = self._queues.get(tenant, deque())
        found = None
        while queue and found is None:
            place = queue.popleft()
            if not place.done() and not place.get_loop().is_closed():
                found = place
        if not queue:
            self._queues.pop(tenant, None)
        return found

    def snapshot(self) -> dict[str, dict[str, int]]:
        """Return running and waiting calls of the tenants that are not idle."""
        tenants = {*self._running, *self._queues}
        return {
            tenant: {"running": self._running.get(tenant, 0), "waiting": len(self._queues.get(tenant, ()))}
            for tenant in tenants
        }

    def _forget(self, tenant: str, place: asyncio.Future[bool]) -> None:
        queue = self._queues.get(tenant)
        if queue is not None:
            if place in queue:
                queue.remove(place)
            if not queue:
                del self._queues[tenant]
