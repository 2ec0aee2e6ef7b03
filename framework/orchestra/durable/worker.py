"""The durable backend: runs operations so that they outlive this process, and takes up what others left.

There is one in a process, because the engine is one. Everything runs on the event loop on which it was
opened, the facade's; only the heartbeat has a thread.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dbos import error as engine_errors

from orchestra.durable.client import DurableClient, run_elsewhere
from orchestra.durable.engine import Engine
from orchestra.durable.errors import IdempotencyConflictError
from orchestra.durable.execution import Execution, serve
from orchestra.durable.frozen import wake_who_holds
from orchestra.durable.heartbeat import Heartbeat
from orchestra.durable.names import children_queue_of, queue_of
from orchestra.durable.places import Places, line_of_tenant
from orchestra.durable.requests import request_for, served_versions
from orchestra.durable.singletons import Singletons
from orchestra.errors import InvalidOptionError, OrchestraError, OrchestratorNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.context import OrchestrationContext
    from orchestra.durable.store import Store
    from orchestra.facade import OrchestrationFacade

SHORTEST_LEASE = 0.5


class Durable(DurableClient):
    """Runs a facade's durable operations on a store.

    - ``concurrency``: runs that are taken from the queue at a time; 0 takes none and only runs what
      :meth:`run` is asked for.
    - ``lease``: seconds without a sign of life after which peers take over what runs here. Longer than
      any pause of the machine; a takeover costs nothing but the step in flight.
    - ``polling``: seconds between two looks into each queue, for up to four workers; more of them look more
      seldom each, so that the store has the same to do.
    """

    def __init__(
        self,
        store: Store | str,
        facade: OrchestrationFacade,
        *,
        concurrency: int = 8,
        lease: float = 10.0,
        polling: float = 0.1,
    ) -> None:
        super().__init__(store, facade)
        if concurrency < 0 or lease < SHORTEST_LEASE or polling <= 0:
            raise InvalidOptionError(
                f"concurrency={concurrency}, lease={lease}, polling={polling} make no worker",
                hint=f"Give a concurrency of 0 or more, a lease of {SHORTEST_LEASE} s, polling above 0",
            )
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self.serves: list[str] = []
        self._concurrency = concurrency
        self._lease = lease
        self._polling = polling
        self._engine: Engine | None = None
        self._heartbeat: Heartbeat | None = None
        self._execution: Execution | None = None
        self._connections: Any = None

    async def open(self) -> None:
        """Open the store and start to serve. Raises what a store raises, and InvalidOptionError when another
        backend is open in this process.
        """
        await super().open()
        served = await served_versions(self._facade)
        self.serves = [queue_of(name, one) for name in sorted(served) for one in sorted(served[name])]
        self._connections = self.store.engine(patience=max(1.0, self._lease / 2))
        loop, wake = asyncio.get_running_loop(), threading.Event()
        places = Places(self._connections, self.name, wake.set)
        execution = Execution(
            self._facade,
            self.engine_client,
            loop,
            concurrency=self._concurrency,
            worker=self.name,
            places=places,
        )
        serve(execution)
        self._execution = execution
        try:
            singletons = Singletons(places, loop, wake.set)
            self._start(served, execution, places, singletons, wake)
            if self._concurrency:
                await self._facade.take_turns(singletons.run_alone)
        except BaseException:
            await self.aclose()
            raise

    def _start(
        self,
        served: Mapping[str, set[str]],
        execution: Execution,
        places: Places,
        singletons: Singletons,
        wake: threading.Event,
    ) -> None:
        engine = self._engine = Engine(
            self.store, self.name, pool_size=min(20, 6 + self._concurrency), lease=self._lease
        )
        limit = self._facade.tenants.limit if self._facade.tenants is not None else None
        if self._concurrency:
            for name, versions in served.items():
                for version in versions:
                    queue, children = queue_of(name, version), children_queue_of(name, version)
                    slowly = max(0.5, self._polling)
                    engine.listen(
                        queue, concurrency=self._concurrency, per_tenant=limit, polling=self._polling
                    )
                    engine.listen(children, concurrency=None, per_tenant=None, polling=slowly)
        self._heartbeat = Heartbeat(
            self._connections,
            self.engine_client,
            self.name,
            lease=self._lease,
            serves=self.serves if self._concurrency else (),
            running=execution.progress,
            cancelled=execution.cancel_soon,
            pace=engine.pace,
            places=places,
            singletons=singletons,
            wake=wake,
            free=self._free,
        )
        self._heartbeat.announce()
        engine.launch()
        if limit is not None:
            engine.leave_waiting(limit, lambda tenant: places.length(line_of_tenant(tenant)))
        self._heartbeat.start()

    async def run(
        self,
        orchestrator: str,
        operation: str | None,
        context: OrchestrationContext,
        params: Mapping[str, Any],
        /,
    ) -> Any:
        """Run an operation here and return its result object; peers go on with it when this process dies.

        What is wrong with the call is a failed result, as in process; an unknown orchestrator raises. A run
        that is being awaited and whose caller is cancelled goes back to the queue. Raises RunCancelledError
        for a run that somebody cancelled, and what :meth:`result` raises.
        """
        assert self._execution is not None, "open() it, or use async with"
        try:
            request = await request_for(self._facade, orchestrator, operation, context, params)
        except OrchestratorNotFoundError:
            raise
        except OrchestraError as error:
            return self._facade.results.fail(error)
        try:
            return await self._execution.run(request)
        except engine_errors.DBOSWorkflowIDInUseError:
            pass
        try:
            await self.check_same(request)
        except IdempotencyConflictError as error:
            return self._facade.results.fail(error)
        return await self.result(request.run)

    async def aclose(self) -> None:
        """Stop serving: what runs here is stopped at once and handed over."""
        execution, self._execution = self._execution, None
        if execution is not None:
            await self._facade.take_turns(run_elsewhere)
            await execution.stop()
            if self._heartbeat is not None:
                await _in_a_thread(self._stop_heartbeat, self._heartbeat)
            if self._engine is not None:
                await _in_a_thread(self._engine.close)
                asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
            if self._heartbeat is not None:
                await _in_a_thread(self._heartbeat.release)
            serve(None)
            self._engine = self._heartbeat = None
        if self._connections is not None:
            self._connections.dispose()
            self._connections = None
        await super().aclose()

    def _free(self) -> list[int]:
        return wake_who_holds(self.store.path) if self.store.is_sqlite else []

    def _stop_heartbeat(self, heartbeat: Heartbeat) -> None:
        heartbeat.stop()
        heartbeat.take_over(self.name)


async def _in_a_thread(function: Any, *args: Any) -> None:
    """Wait for a blocking call; the loop's executor is the engine's, which is about to close."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def run() -> None:
        try:
            function(*args)
        except Exception as error:  # noqa: BLE001 - handed to the one who waits
            loop.call_soon_threadsafe(done.set_exception, error)
        else:
            loop.call_soon_threadsafe(done.set_result, None)

    threading.Thread(target=run, name="orchestra:closing").start()
    await done
