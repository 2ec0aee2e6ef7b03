"""A stop signal that any number of event loops may wait for, and a bounded wait for tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from orchestra.clock import current_clock

if TYPE_CHECKING:
    from collections.abc import Iterable


class StopSignal:
    """Set once to wake all who wait, cleared to start again. Bound to no event loop."""

    __slots__ = ("_waiters", "is_set")

    def __init__(self) -> None:
        self.is_set = False
        self._waiters: set[asyncio.Future[bool]] = set()

    def set(self) -> None:
        """Wake everyone who waits, on whichever loop they wait."""
        self.is_set = True
        for waiter in tuple(self._waiters):
            wake(waiter)

    def clear(self) -> None:
        """Let waiting begin anew."""
        self.is_set = False

    async def wait(self, seconds: float | None = None) -> bool:
        """Return True as soon as the signal is set, False when the seconds are over."""
        if self.is_set:
            return True
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        timer = None if seconds is None else current_clock().call_later(seconds, lambda: wake(waiter))
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
            if timer is not None:
                timer.cancel()
        return self.is_set


def wake(waiter: asyncio.Future[bool]) -> bool:
    """Resolve a future from any thread; False when its loop is closed, so that nobody will see it."""
    loop = waiter.get_loop()
    if loop is _running_loop():
        _resolve(waiter)
        return True
    try:
        loop.call_soon_threadsafe(_resolve, waiter)
    except RuntimeError:  # closed, perhaps in this very moment
        return False
    return True


async def wait_for_tasks(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> set[asyncio.Task[Any]]:
    """Wait until the tasks are done or the seconds over; return those that are not done. Cancels nothing."""
    pending = {task for task in tasks if not task.done()}
    if not pending:
        return set()
    waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def count_down(task: asyncio.Task[Any]) -> None:
        pending.discard(task)
        if not pending:
            wake(waiter)

    for task in tuple(pending):
        task.add_done_callback(count_down)
    timer = current_clock().call_later(seconds, lambda: wake(waiter))
    try:
        await waiter
    finally:
        timer.cancel()
        for task in pending:
            task.remove_done_callback(count_down)
    return set(pending)


def _resolve(waiter: asyncio.Future[bool]) -> None:
    if not waiter.done():
        waiter.set_result(True)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
