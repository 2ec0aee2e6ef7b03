"""A limit on the calls that one tenant has in progress: first come, first served, per tenant.

Calls may come from several event loops. Between reading and writing a tenant's number no function is called,
so no other thread comes in between; whoever has to wait, and whoever finds somebody waiting, takes the lock.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from orchestra.errors import TenantQueueFullError

if TYPE_CHECKING:
    import asyncio


class TenantLimit:
    """Counts running calls per tenant and queues the rest. Nothing is kept of a tenant that is idle."""

    __slots__ = ("_limit", "_lock", "_longest", "_queues", "_running")

    def __init__(self, limit: int, longest_queue: int) -> None:
        self._limit = limit
        self._longest = longest_queue
        self._running: dict[str, int] = {}
        self._queues: dict[str, deque[_Place]] = {}
        self._lock = threading.RLock()

    @property
    def limit(self) -> int:
        """The calls that one tenant may have in progress."""
        return self._limit

    def enter(self, tenant: str) -> bool:
        """Take a place and return True, or return False when the caller has to wait."""
        running = self._running[tenant] if tenant in self._running else 0  # noqa: SIM401 - get() is a call
        if running >= self._limit:  # a place that is given back goes to who waits, without being free
            return False
        self._running[tenant] = running + 1
        return True

    def leave(self, tenant: str) -> None:
        """Give the place back, to the first who waits."""
        if self._queues and self._hand_over(tenant):
            return
        running = self._running[tenant] - 1
        if running:
            self._running[tenant] = running
        else:
            del self._running[tenant]
        # Another thread may have queued after the first look; it looks for a free place after queueing.
        if self._queues:
            self._fill(tenant)

    async def wait(self, tenant: str) -> None:
        """Wait for a place; raise TenantQueueFullError when too many wait already."""
        place = self._queue(tenant)
        if self.enter(tenant):
            if not self._withdraw(tenant, place):
                self.leave(tenant)  # another thread gave it one in the same moment
            return
        try:
            await place.future
        except BaseException:
            # Also when the place was given in the very moment of the cancellation: it goes to the next.
            if not self._withdraw(tenant, place):
                self.leave(tenant)
            raise

    def snapshot(self) -> dict[str, dict[str, int]]:
        """Return running and waiting calls of the tenants that are not idle."""
        with self._lock:
            tenants = {*self._running, *self._queues}
            return {
                tenant: {
                    "running": self._running.get(tenant, 0),
                    "waiting": len(self._queues.get(tenant, ())),
                }
                for tenant in tenants
            }

    def _queue(self, tenant: str) -> _Place:
        import asyncio

        with self._lock:
            waiting = len(self._queues.get(tenant, ()))
            if waiting >= self._longest:
                raise TenantQueueFullError(
                    f"Tenant '{tenant}' has {waiting} calls waiting and may have no more",
                    hint="Try again later, or raise tenant_queue",
                    tenant=tenant,
                )
            place = _Place(asyncio.get_running_loop().create_future())
            self._queues.setdefault(tenant, deque()).append(place)
            return place

    def _withdraw(self, tenant: str, place: _Place) -> bool:
        """Take a place out of the queue; return False when it was handed over already."""
        with self._lock:
            queue = self._queues.get(tenant)
            if queue is not None and place in queue:
                queue.remove(place)
                if not queue:
                    del self._queues[tenant]
            return not place.is_given

    def _hand_over(self, tenant: str) -> bool:
        """Give a place that is not free to the first who still waits; return whether there was one."""
        with self._lock:
            queue = self._queues.get(tenant)
            given = False
            while queue and not given:
                given = queue.popleft().give()
            if queue is not None and not queue:
                self._queues.pop(tenant, None)
            return given

    def _fill(self, tenant: str) -> None:
        while tenant in self._queues and self.enter(tenant):
            self.leave(tenant)


class _Place:
    """One who waits. ``is_given`` is set by who gives, at once, whenever the waiter's loop wakes up."""

    __slots__ = ("future", "is_given")

    def __init__(self, future: asyncio.Future[bool]) -> None:
        self.future = future
        self.is_given = False

    def give(self) -> bool:
        """Give the place, unless nobody will come for it; return whether it was given."""
        from orchestra.stopping import wake

        if self.future.done():
            return False
        self.is_given = wake(self.future)
        return self.is_given
