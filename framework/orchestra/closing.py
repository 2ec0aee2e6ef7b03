"""The end of a facade: everything is stopped, in reverse order of start, bounded, and nothing stops the
rest.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestra.bounded import run_bounded
from orchestra.calls import context_outside_calls
from orchestra.default import is_global
from orchestra.draining import drain
from orchestra.errors import SyncCallError
from orchestra.lifecycle import shut_down
from orchestra.log import log_event
from orchestra.runtime import RUNNING, Runtime
from orchestra.stopping import wait_for_tasks
from orchestra.wrapping import own_cleanup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade


_CLOSING: ContextVar[object] = ContextVar("orchestra_closing", default=None)


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
    """What happened when a facade closed; ``interrupted`` are calls that were cancelled and did end."""

    closed: list[str] = field(default_factory=list)
    errors: dict[str, BaseException] = field(default_factory=dict)
    overdue: list[Overdue] = field(default_factory=list)
    interrupted: list[Overdue] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether every call and clean-up ended, in time and without an exception."""
        return not self.errors and not self.overdue and not self.interrupted


class Closing:
    """Binds a facade to its event loop and closes what belongs to it."""

    def __init__(self, facade: OrchestrationFacade) -> None:
        self._facade = facade
        self.loop: asyncio.AbstractEventLoop | None = None
        self.report = CloseReport()
        self.is_draining = False
        self._pending: dict[asyncio.Task[None], str] = {}
        self._waiting: list[Entry] = []
        self._closed: list[Entry] = []
        self._lock = asyncio.Lock()
        self._is_done = False

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
        # Outside the call that may be running: that one is waited for as well.
        task = loop.create_task(
            self.close_entry(entry),
            name=f"orchestra:{entry.name}:cleanup",
            context=context_outside_calls(),
        )
        self._pending[task] = entry.name
        task.add_done_callback(lambda done: self._pending.pop(done, None))

    async def close_entry(self, entry: Entry) -> None:
        """Let the calls of one orchestrator end, run its ``cleanup()``, and stop its tasks; all bounded.

        What was cancelled on the way is finished when the facade closes.
        """
        try:
            await self._drain([entry])
            await self._close(entry)
        except BaseException:
            self._waiting.append(entry)
            raise

    def check_loop(self) -> None:
        """Raise SyncCallError when the facade runs on another loop than the one that runs here."""
        if self.loop is not None and self.loop is not asyncio.get_running_loop() and self.loop.is_running():
            raise SyncCallError(
                "This facade belongs to another running event loop",
                hint="Close it there: asyncio.run_coroutine_threadsafe(facade.aclose(), loop)",
            )

    async def close_all(self) -> CloseReport:
        """Close everything once; a second call waits for the first and returns the same report.

        One that was cancelled on the way is taken up by the next.
        """
        if _CLOSING.get() is self:  # a cleanup() that closes the facade
            return self.report
        loop = asyncio.get_running_loop()
        if self.loop is not loop:
            self._lock = asyncio.Lock()
            self.loop = loop
        async with self._lock:
            token = _CLOSING.set(self)
            try:
                if not self._is_done:
                    await self._close_everything(loop)
                    self._is_done = True
                await wait_for_tasks(self._pending, self._facade.cleanup_timeout)
            finally:
                _CLOSING.reset(token)
        return self.report

    async def _close_everything(self, loop: asyncio.AbstractEventLoop) -> None:
        facade = self._facade
        self.is_draining = True
        try:
            await facade.close_streams()
            await self._drain(facade.known_entries())
            await facade.close_streams()
        finally:
            self.is_draining = False
        entries = [*facade.known_entries(), *self._waiting]
        entries.reverse()
        for entry in sorted(entries, key=lambda entry: entry.runtime.order, reverse=True):
            if not any(entry is one for one in self._closed):
                await self._close(entry)
                self._closed.append(entry)
        if is_global(facade):
            await self._close_unregistered(loop)

    async def _drain(self, entries: Sequence[Entry]) -> None:
        drained = await drain(self._facade, entries, self._facade.cleanup_timeout)
        self.report.interrupted.extend(Overdue(name, "call", stack) for name, stack in drained.interrupted)
        for name, stack in drained.overdue:
            self.report.overdue.append(Overdue(name, "call", stack))
            log_event("error", "call_overdue", orchestrator=name, stack=stack)

    async def _close(self, entry: Entry) -> None:
        await self._clean_up(entry.name, entry.orchestrator, entry.runtime)
        self.report.closed.append(entry.name)

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
            ended = await run_bounded(own, self._facade.cleanup_timeout, f"orchestra:{name}:cleanup")
            if ended.overdue:
                self.report.overdue.append(Overdue(name, "cleanup", ended.overdue))
                log_event("error", "cleanup_overdue", orchestrator=name, stack=ended.overdue)
            if ended.error is not None:
                self.report.errors[name] = ended.error
                log_event("error", "cleanup_failed", orchestrator=name, error_type=type(ended.error).__name__)
        left, errors = await shut_down(runtime)
        self.report.overdue.extend(Overdue(name, what, stack) for what, stack in left)
        for error in errors:
            self.report.errors.setdefault(name, error)
