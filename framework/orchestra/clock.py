"""The one clock behind deadlines, intervals, backoff and bounded stops, so that a test can turn it by
hand.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Timer(Protocol):
    """A scheduled callback."""

    def cancel(self) -> None:
        """Make sure that the callback does not run any more."""


class Clock(Protocol):
    """What the framework asks of a clock; all figures are seconds."""

    def monotonic(self) -> float:
        """Return the time that only moves forward."""
        ...

    def time(self) -> float:
        """Return the time of day, since the epoch."""
        ...

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Run the callback on the running loop after the delay."""
        ...


class SystemClock:
    """The clock of the operating system and the timers of the running event loop."""

    __slots__ = ()

    def monotonic(self) -> float:
        """Return ``time.monotonic()``."""
        return time.monotonic()

    def time(self) -> float:
        """Return ``time.time()``."""
        return time.time()

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Use ``loop.call_later``."""
        import asyncio

        return asyncio.get_running_loop().call_later(delay, callback)


_current: Clock = SystemClock()


def current_clock() -> Clock:
    """Return the clock in use."""
    return _current


@contextmanager
def use_clock(clock: Clock) -> Iterator[Clock]:
    """Put another clock in place for a while; for tests."""
    global _current  # noqa: PLW0603 - one process, one time; the context manager restores it
    previous, _current = _current, clock
    try:
        yield clock
    finally:
        _current = previous
