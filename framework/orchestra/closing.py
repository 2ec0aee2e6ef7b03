"""The end of a facade: everything is stopped, in reverse order of start, bounded, and nothing stops the
rest.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestra.default import is_global
from orchestra.errors import SyncCallError
from orchestra.lifecycle import shut_down, stack_of
from orchestra.log import log_event
from orchestra.runtime import RUNNING, Runtime
from orchestra.stopping import wait_for_tasks
from orchestra.wrapping import own_cleanup

if TYPE_CHECKING:
    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade


@dataclass(frozen=True, slots=True)
class Overdue:
    """A clean-up or task that did not end in time: whose, and where it stands, as ``file:line in
    function``.
    """

    orchestrator: str
    what: str
    stack: list[str]


@dataclass(frozen=True, slots=True)
class CloseReport:
    """What happened when a facade closed."""

    closed: list[str] = field(default_factory=list)
    errors: dict[str, BaseException] = field(default_factory=dict)
    overdue: list[Overdue] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether every clean-up ended, in time and without an exception."""
        return not self.errors and not self.overdue


class Closing:
    """Binds a facade to its event loop and closes what belongs to it."""

    def __init__(self, facade: OrchestrationFacade) -> None:
        self._facade = facade
        self.loop: asyncio.AbstractEventLoop | None = None
        self.report = CloseReport()
        self._pending: dict[asyncio.Task[None], str] = {}
        self._waiting: list[Entry] = []
        self._done = False

    def bind(self) -> None:
        """Remember the running loop as the facade's, unless it has one that lives."""
        if self.loop is None or self.loop.is_closed():
            try:
                self.loop = asyncio.get_running_loop()
            except RuntimeError:
                return

    def close_later(self, entry: Entry) -> None:
        """Clean up now if a loop runs, else when the facade closes."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._waiting.append(entry)
            return
        task = loop.create_task(self.close_entry(entry), name=f"orchestra:{entry.name}:cleanup")
        self._pending[task] = entry.name
        task.add_done_callback(lambda done: self._pending.pop(done, None))

    async def close_entry(self, entry: Entry) -> None:
        """Run ``cleanup()`` of one orchestrator, bounded, and stop its tasks whatever it did."""
        await self._clean_up(entry.name, entry.orchestrator, entry.runtime)
        self.report.closed.append(entry.name)

    async def close_all(self) -> CloseReport:
        """Close everything once; a second call returns the same report."""
        if self._done:
            await wait_for_tasks(self._pending, self._facade.cleanup_timeout)
            return self.report
        self._done = True
        facade = self._facade
        loop = asyncio.get_running_loop()
        if self.loop is not None and self.loop is not loop and self.loop.is_running():
            self._done = False
            raise SyncCallError(
                "This facade belongs to another running event loop",
                hint="Close it there: asyncio.run_coroutine_threadsafe(facade.aclose(), loop)",
            )
        await facade.close_streams()
        entries = [*facade.known_entries(), *self._waiting]
        entries.reverse()
        for entry in sorted(entries, key=lambda entry: entry.runtime.order, reverse=True):
            await self.close_entry(entry)
        if is_global(facade):
            await self._close_unregistered(loop)
        await wait_for_tasks(self._pending, facade.cleanup_timeout)
        return self.report

    async def _close_unregistered(self, loop: asyncio.AbstractEventLoop) -> None:
        for runtime in sorted(RUNNING, key=lambda runtime: runtime.order, reverse=True):
            owner = runtime.owner
            if owner is None or runtime.loop is not loop or runtime.is_attached:
                continue
            await self._clean_up(runtime.label, owner, runtime)
            self.report.closed.append(runtime.label)

    async def _clean_up(self, name: str, orchestrator: Any, runtime: Runtime) -> None:
        """Run the orchestrator's own clean-up, then the framework's; each has its own bound."""
        own = own_cleanup(orchestrator)
        if own is not None:
            runtime.signal_stop()
            await self._bounded(name, "cleanup", own)
        for task, stack in await shut_down(runtime):
            self.report.overdue.append(Overdue(name, task, stack))

    async def _bounded(self, name: str, what: str, cleanup: Any) -> None:
        """Run a clean-up in a task of its own: one that swallows its cancellation is left behind, named."""

        async def run() -> None:
            value = cleanup()
            if inspect.isawaitable(value):
                await value

        task = asyncio.get_running_loop().create_task(run(), name=f"orchestra:{name}:{what}")
        try:
            left = await wait_for_tasks([task], self._facade.cleanup_timeout)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if left:
            stack = stack_of(task)
            task.cancel()
            await wait_for_tasks([task], 1.0)
            self.report.overdue.append(Overdue(name, what, stack))
            log_event("error", "cleanup_overdue", orchestrator=name, stack=stack)
        if task.done() and not task.cancelled() and task.exception() is not None:
            error = task.exception()
            assert error is not None
            self.report.errors[name] = error
            log_event("error", "cleanup_failed", orchestrator=name, error_type=type(error).__name__)
