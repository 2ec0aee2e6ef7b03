"""A preemptive deadline, at a fraction of the price of ``asyncio.timeout``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from orchestra.clock import current_clock
from orchestra.errors import DeadlineExceededError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")


async def before(deadline: float, label: str, run: Callable[[], Awaitable[T]]) -> T:
    """Await ``run()``, cancelled when the deadline passes; raise DeadlineExceededError then.

    Only its own cancellation is turned into the error: one from outside passes through, as with
    ``asyncio.timeout`` (PEP 789's counting with ``Task.uncancel``).
    """
    clock = current_clock()
    remaining = deadline - clock.monotonic()
    if remaining <= 0:
        raise _exceeded(label)
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a deadline needs a task")
    before_us = task.cancelling()
    expired = False

    def expire() -> None:
        nonlocal expired
        expired = True
        task.cancel()

    timer = clock.call_later(remaining, expire)
    try:
        return await run()
    except asyncio.CancelledError:
        if expired:
            expired = False
            if task.uncancel() <= before_us:
                raise _exceeded(label) from None
        raise
    finally:
        timer.cancel()
        if expired:
            task.uncancel()


def _exceeded(label: str) -> DeadlineExceededError:
    return DeadlineExceededError(
        f"The deadline of '{label}' has passed", hint="Give the call more time, or do less in it", name=label
    )
