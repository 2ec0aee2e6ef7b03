"""A preemptive deadline, at a fraction of the price of ``asyncio.timeout``.

All deadlines of an event loop stand in one heap behind one timer: a call costs a push and a pop instead of a
timer of its own, and leaves no cancelled timer behind.
"""

from __future__ import annotations

import asyncio
import weakref
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from orchestra.clock import current_clock
from orchestra.errors import DeadlineExceededError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from orchestra.clock import Clock, Timer

T = TypeVar("T")

_numbers = count()


class _Guarded:
    """A task that is cancelled when its deadline passes."""

    __slots__ = ("expired", "over", "task")

    task: asyncio.Task[Any]
    expired: bool
    over: bool


_Item = tuple[float, int, _Guarded]


async def before(deadline: float, label: str, run: Callable[[], Awaitable[T]]) -> T:
    """Await ``run()``, cancelled when the deadline passes; raise DeadlineExceededError then.

    Only its own cancellation is turned into the error: one from outside passes through, counted with
    ``Task.uncancel`` as ``asyncio.timeout`` does.
    """
    clock = current_clock()
    if deadline <= clock.monotonic():
        raise _exceeded(label)
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a deadline needs a task")
    cancelled_before = task.cancelling()
    guarded = _Guarded()
    guarded.task, guarded.expired, guarded.over = task, False, False
    watch = _watch_of(task.get_loop(), clock)
    item = watch.add(deadline, guarded)
    try:
        return await run()
    except asyncio.CancelledError:
        if guarded.expired:
            guarded.expired = False
            if task.uncancel() <= cancelled_before:
                raise _exceeded(label) from None
        raise
    finally:
        watch.remove(item)
        if guarded.expired:
            task.uncancel()


class _Watch:
    """The deadlines of one event loop, earliest first, and the timer for the first of them."""

    __slots__ = ("_next", "_over", "_timer", "clock", "heap", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self.loop = weakref.ref(loop)
        self.clock = clock
        self.heap: list[_Item] = []
        self._over = 0
        self._timer: Timer | None = None
        self._next = float("inf")

    def add(self, deadline: float, guarded: _Guarded) -> _Item:
        item = (deadline, next(_numbers), guarded)
        heappush(self.heap, item)
        if deadline < self._next:
            self._arm(deadline)
        return item

    def remove(self, item: _Item) -> None:
        heap = self.heap
        if heap and heap[-1] is item:  # the last leaf may leave a heap as it is
            del heap[-1]
            return
        if item[2].over:  # the timer took it out
            return
        item[2].over = True
        self._over += 1
        if self._over > 64 and self._over * 2 > len(heap):
            heap[:] = [one for one in heap if not one[2].over]
            heapify(heap)
            self._over = 0

    def _arm(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next = deadline
        self._timer = self.clock.call_later(max(0.0, deadline - self.clock.monotonic()), self._fire)

    def _fire(self) -> None:
        self._timer, self._next = None, float("inf")
        now = self.clock.monotonic()
        heap = self.heap
        while heap and (heap[0][2].over or heap[0][0] <= now):
            guarded = heappop(heap)[2]
            if guarded.over:
                self._over -= 1
            else:
                guarded.expired = guarded.over = True
                guarded.task.cancel()
        if heap:
            self._arm(heap[0][0])


_watches: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Watch] = weakref.WeakKeyDictionary()
_last: _Watch | None = None


def _watch_of(loop: asyncio.AbstractEventLoop, clock: Clock) -> _Watch:
    global _last  # noqa: PLW0603 - a cache of one, checked before it is believed
    watch = _last
    if watch is not None and watch.loop() is loop and watch.clock is clock:
        return watch
    watch = _watches.get(loop)
    if watch is None or watch.clock is not clock:
        watch = _watches[loop] = _Watch(loop, clock)
    _last = watch
    return watch


def pending_deadlines(loop: asyncio.AbstractEventLoop) -> int:
    """Return how many calls of a loop have a deadline now."""
    watch = _watches.get(loop)
    return 0 if watch is None else sum(1 for item in watch.heap if not item[2].over)


def _exceeded(label: str) -> DeadlineExceededError:
    return DeadlineExceededError(
        f"The deadline of '{label}' has passed", hint="Give the call more time, or do less in it", name=label
    )
