"""A thread of its own that keeps a worker's lease, looks after dead peers, notices cancellations, and stands
in line.

A thread, because an operation that blocks the event loop must not cost the worker its runs.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from orchestra.durable.engine import hand_over
from orchestra.durable.leases import Leases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import sqlalchemy as sa
    from dbos import DBOSClient

    from orchestra.durable.places import Places
    from orchestra.durable.singletons import Singletons

BEATS = 5
"""Beats in a lease: four may be lost."""

LOOKING = 1.0
"""Seconds between two looks for cancellations, at most."""

CROWD = 4
"""Workers that look into the queues as often as they were told to; more of them share that many looks."""

MARGIN = 0.01
"""Seconds after the end of a peer's lease at which it is looked at again."""

PATIENCE = 30.0
"""Seconds for which a store may be locked by others when a worker starts or stops."""

STRAYS = 30
"""Beats between two looks for runs whose worker has no lease at all."""

_LOG = logging.getLogger("orchestra.durable")


class Heartbeat:
    """Keeps one worker alive in the eyes of its peers, and takes over from those that are not."""

    def __init__(
        self,
        connections: sa.Engine,
        client: DBOSClient,
        worker: str,
        *,
        lease: float,
        serves: Sequence[str],
        running: Callable[[], Mapping[str, Any]],
        cancelled: Callable[[Sequence[str]], None],
        pace: Callable[[float], None],
        places: Places,
        singletons: Singletons,
        wake: threading.Event,
        free: Callable[[], list[int]] = list,
    ) -> None:
        self._leases = Leases(connections)
        self._places = places
        self._singletons = singletons
        self._client = client
        self._worker = worker
        self._lease = lease
        self._serves = serves
        self._running = running
        self._cancelled = cancelled
        self._pace = pace
        self._is_stopped = False
        self._wake = wake
        self._free = free
        self._thread = threading.Thread(target=self._live, name="orchestra:heartbeat", daemon=True)
        self._beats = 0
        self._born = time.monotonic()
        self._last = 0.0
        self._judges_from = 0.0
        self._next_death = float("inf")

    def announce(self) -> None:
        """Write the lease, before anything runs here.

        Whoever starts when the store is back after an outage finds peers that could not write: as every
        worker, it judges none before it has seen the store answer for a lease.
        """
        self._patiently(lambda: self._leases.renew(self._worker, self._lease, self._serves, {}))
        self._judges_from = time.monotonic() + self._lease

    def start(self) -> None:
        """Go on in the thread, at once with what dead peers left."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; the lease stays until :meth:`release`."""
        self._is_stopped = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def release(self) -> None:
        """Hand over what is still in this worker's name, and give the lease back."""
        self.take_over(self._worker)
        self._patiently(lambda: self._leases.release(self._worker))

    def take_over(self, worker: str) -> int:
        """Put the runs of a worker back into their queues; return how many."""
        return sum(self._put_back(run) for run in self._pending(executor_id=worker))

    def _live(self) -> None:
        interval = self._lease / BEATS
        trouble = ""
        while not self._is_stopped:
            try:
                if not self._last or time.monotonic() >= min(self._last + interval, self._next_death):
                    self._beat()
                self._look_for_cancellations()
                self._places.sweep()
                self._singletons.look()
                trouble = ""
            except Exception as error:  # noqa: BLE001 - the store may be away; the next beat tries again
                if type(error).__name__ != trouble:
                    _LOG.warning("the store does not answer: %s", str(error).partition("\n")[0])
                trouble = type(error).__name__
                self._free_the_store()
                self._next_death = float("inf")
            soon = max(0.0, self._next_death - time.monotonic())
            self._wake.wait(min(interval, LOOKING, soon))
            self._wake.clear()

    def _patiently(self, write: Callable[[], None]) -> None:
        """Write what must be written, however long others write; the connections wait only for short."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return write()
            except exc.OperationalError:
                if time.monotonic() >= until:
                    raise
                self._free_the_store()

    def _free_the_store(self) -> None:
        if time.monotonic() - max(self._born, self._last) > self._lease:
            for process in self._free():
                _LOG.warning("woke process %d, which was stopped and kept the store locked", process)

    def _beat(self) -> None:
        began = time.monotonic()
        self._leases.renew(self._worker, self._lease, self._serves, self._running())
        now = time.monotonic()  # after the writing, which waits while the store is locked
        if self._last and now - self._last > self._lease:
            # This worker slept, or the store was away. Peers may be as late as this one: let them wake first.
            self._judges_from = now + self._lease
        self._last = now
        # They end a beat before peers take over.
        self._singletons.valid_until = began + self._lease * (BEATS - 1) / BEATS
        peers = self._leases.peers(self._worker)
        alive = [left for left in peers.values() if left >= 0]
        self._pace(max(1.0, (1 + len(alive)) / CROWD))
        if now < self._judges_from:
            self._next_death = self._judges_from if len(alive) < len(peers) else float("inf")
            return
        self._next_death = now + min(alive, default=float("inf")) + MARGIN
        for worker in peers.keys() - {worker for worker, left in peers.items() if left >= 0}:
            self._bury(worker)
        if self._beats % STRAYS == 0:
            self._put_strays_back()
        self._beats += 1

    def _bury(self, worker: str) -> None:
        taken = self.take_over(worker)
        self._leases.release_if_dead(worker)
        _LOG.log(
            logging.WARNING if taken else logging.DEBUG,
            "took over %d runs of worker %s, whose lease ran out",
            taken,
            worker,
        )

    def _put_strays_back(self) -> None:
        """Take up runs and places whose worker lost its lease between two beats and died before the next."""
        for worker in self._leases.left_behind():
            self._leases.release_if_dead(worker)
        pending = self._pending()
        known = self._leases.known() if pending else set()
        for run in pending:
            if run.executor_id not in known:
                self._put_back(run)

    def _pending(self, **filters: Any) -> list[Any]:
        return self._client.list_workflows(status="PENDING", load_input=False, load_output=False, **filters)

    def _put_back(self, run: Any) -> bool:
        attributes = run.attributes or {}
        if "queue" not in attributes:
            return False
        queue, tenant = attributes["queue"], attributes["tenant"]
        return hand_over(self._client, run.workflow_id, run.executor_id, queue, tenant)

    def _look_for_cancellations(self) -> None:
        running = list(self._running())
        if not running:
            return
        found = self._client.list_workflows(
            workflow_ids=running, status="CANCELLED", load_input=False, load_output=False
        )
        if found:
            self._cancelled([run.workflow_id for run in found])
