"""A clock that a test turns by hand: intervals, backoff, deadlines and bounded stops follow it."""

from __future__ import annotations

import asyncio
import heapq
from itertools import count
from typing import TYPE_CHECKING

from orchestra.context import check_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

# A task that was woken wakes others in turn; nothing in the framework needs more turns of the loop than this.
_TURNS = 25


class FakeTimer:
    """A callback that waits for the clock to be turned."""

    def __init__(self, when: float, callback: Callable[[], object]) -> None:
        self.when = when
        self.callback = callback
        self.is_cancelled = False

    def cancel(self) -> None:
        """Make sure that the callback does not run."""
        self.is_cancelled = True


class FakeClock:
    """Time that stands still until :meth:`advance`.

    Put it in place with ``with orchestra.clock.use_clock(FakeClock()) as clock:`` or the fixture
    ``fake_clock``.
    """

    def __init__(self, start: float = 1000.0, epoch: float = 1_700_000_000.0) -> None:
        self._now = start
        self._epoch = epoch - start
        self._timers: list[tuple[float, int, FakeTimer]] = []
        self._numbers = count()

    def monotonic(self) -> float:
        """Return the fake monotonic time in seconds."""
        return self._now

    def time(self) -> float:
        """Return the fake time of day in seconds since the epoch."""
        return self._epoch + self._now

    def call_later(self, delay: float, callback: Callable[[], object]) -> FakeTimer:
        """Run the callback when the clock was turned that far."""
        timer = FakeTimer(self._now + max(0.0, delay), callback)
        heapq.heappush(self._timers, (timer.when, next(self._numbers), timer))
        return timer

    @property
    def waiting(self) -> list[float]:
        """Return the seconds from now of all timers that are set, in order."""
        return sorted(when - self._now for when, _, timer in self._timers if not timer.is_cancelled)

    async def advance(self, seconds: float) -> None:
        """Turn the clock, firing what falls due in order; the tasks that this wakes run before it goes on."""
        end = self._now + check_seconds(seconds, "A step of the clock")
        await _settle()
        while self._timers and self._timers[0][0] <= end:
            when, _, timer = heapq.heappop(self._timers)
            if timer.is_cancelled:
                continue
            self._now = max(self._now, when)
            timer.callback()
            await _settle()
        self._now = end
        await _settle()


async def _settle() -> None:
    for _ in range(_TURNS):
        await asyncio.sleep(0)
