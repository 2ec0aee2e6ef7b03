"""One background task: run it, restart it, give it up visibly, stop it at once."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal

from orchestra.calls import context_outside_calls
from orchestra.clock import current_clock
from orchestra.stopping import StopSignal

if TYPE_CHECKING:
    from orchestra.background_tasks import BackgroundOptions

Turns = Callable[[str, Callable[[], Awaitable[Any]], StopSignal], Awaitable[Any]]
"""Runs what has a name when nobody else does, until a stop is asked for."""

TaskState = Literal["running", "waiting", "standing by", "backing off", "finished", "cancelled", "gave up"]


class Supervised:
    """A background task and what is known about it.

    Restarts happen inside one ``asyncio.Task``, so that a handle kept by legacy code (``self._task``) stays
    valid.
    """

    def __init__(
        self,
        name: str,
        function: Callable[[], Awaitable[Any]],
        options: BackgroundOptions,
        stop: StopSignal,
        report: Callable[[Supervised, str, BaseException], None],
        *,
        turns: Callable[[], Turns | None] = lambda: None,
    ) -> None:
        self.name = name
        self.function = function
        self.options = options
        self.state: TaskState = "waiting"
        self.restarts = 0
        self.failures = 0
        self.last_error: BaseException | None = None
        self.task: asyncio.Task[Any] | None = None
        self._gave_up = False
        self._stop = stop
        self._report = report
        self._turns = turns
        self._recent: deque[float] = deque(maxlen=options.max_restarts + 1)

    def start(self, loop: asyncio.AbstractEventLoop, label: str) -> asyncio.Task[Any]:
        """Create the task on the loop, named for debuggers, outside the call that happened to start it."""
        self.task = loop.create_task(
            self._run(), name=f"orchestra:{label}:{self.name}", context=context_outside_calls()
        )
        self.task.add_done_callback(self._finish)
        return self.task

    @property
    def is_running(self) -> bool:
        """Whether the task was started and has not ended."""
        return self.task is not None and not self.task.done()

    def cancel(self) -> None:
        """Cancel the task."""
        if self.task is not None:
            self.task.cancel()

    @property
    def is_merely_sleeping(self) -> bool:
        """Whether the task stands in ``asyncio.sleep``, where cancelling loses no work."""
        inner: Any = self.task.get_coro() if self.task else None
        code = None
        while inner is not None:
            code = getattr(inner, "cr_code", None) or code
            inner = getattr(inner, "cr_await", None)
        return code is asyncio.sleep.__code__

    async def _run(self) -> Any:
        result = None
        while not self._stop.is_set:
            try:
                result = await self._attempt()
            except asyncio.CancelledError as error:
                # Raised by something that the task awaited: nobody cancelled the task itself.
                if self._is_cancelled() or self._gives_up(error):
                    raise
                if await self._pauses(error):
                    break
            except Exception as error:
                if self._gives_up(error):
                    raise
                if await self._pauses(error):
                    break
            else:
                break
        self.state = "finished"
        return result

    async def _pauses(self, error: BaseException) -> bool:
        """Wait before the next attempt; return True when a stop was asked for meanwhile."""
        self.state = "backing off"
        if await self._stop.wait(self._backoff()):
            return True
        self.restarts += 1
        self._report(self, "background_restarted", error)
        return False

    def _is_cancelled(self) -> bool:
        return self.task is not None and self.task.cancelling() > 0

    async def _attempt(self) -> Any:
        take_turns = self._turns() if self.options.singleton else None
        if take_turns is None:
            return await self._rounds()
        self.state = "standing by"
        return await take_turns(self.name, self._rounds, self._stop)

    async def _rounds(self) -> Any:
        interval = self.options.interval
        while True:
            self.state = "running"
            result = await self.function()
            if interval is None:
                return result
            self.state = "waiting"
            if await self._stop.wait(interval):
                return None

    def _gives_up(self, error: BaseException) -> bool:
        self.failures += 1
        self.last_error = error
        now = current_clock().monotonic()
        self._recent.append(now)
        too_many = len(self._recent) > self.options.max_restarts and (
            now - self._recent[0] <= self.options.within
        )
        gives_up = self._gave_up = self.options.restart == "never" or too_many
        self._report(self, "background_gave_up" if gives_up else "background_failed", error)
        return gives_up

    def _backoff(self) -> float:
        """Return seconds: doubled with each failure in the window, plus up to a tenth so that crowds
        spread.
        """
        now = current_clock().monotonic()
        failures = sum(1 for moment in self._recent if now - moment <= self.options.within)
        seconds = min(self.options.max_backoff, self.options.backoff * 2.0 ** (failures - 1))
        return seconds * (1.0 + random.random() / 10)  # noqa: S311 - no secret hangs on it

    def _finish(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            self.state = "gave up" if self._gave_up else "cancelled"
        elif task.exception() is not None:  # asking also tells asyncio that somebody saw it
            self.state = "gave up"
