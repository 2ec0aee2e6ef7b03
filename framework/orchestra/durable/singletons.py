"""Background tasks of which one worker of a store at a time runs each: ``@background(singleton=True)``.

The heartbeat's thread stands in line for them. That this worker still has its lease is watched by the event
loop itself, since that thread may be waiting for a store which is away.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from orchestra.durable.places import line_of_singleton

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from orchestra.durable.places import Places
    from orchestra.stopping import StopSignal


class Singletons:
    """The tasks of this process that run only when it is their turn."""

    def __init__(self, places: Places, loop: asyncio.AbstractEventLoop, hurry: Callable[[], None]) -> None:
        self._places = places
        self._loop = loop
        self._hurry = hurry
        self._wanted: set[_Turn] = set()
        self.valid_until = 0.0

    async def run_alone(self, what: str, function: Callable[[], Awaitable[Any]], stop: StopSignal) -> Any:
        """Run a function when no other worker does, and again whenever the turn was lost meanwhile.

        It is cancelled when this worker can no longer tell its peers that it lives.
        """
        while not stop.is_set:
            turn = _Turn(what)
            self._wanted.add(turn)
            self._hurry()
            try:
                if await turn.comes_before(stop):
                    return await self._guarded(turn, function)
            except _TurnLostError:
                continue
            finally:
                self._wanted.discard(turn)
                self._places.give_back(turn.id)
        return None

    def look(self) -> None:
        """Line up for what is wanted and see whose turn has come or gone; called from the heartbeat."""
        for turn in tuple(self._wanted):
            ahead = self._places.ahead(turn.id)
            if ahead is None and turn.stands_in_line:  # this worker was taken for dead
                self._loop.call_soon_threadsafe(turn.lose)
            elif ahead is None:
                self._places.line_up(line_of_singleton(turn.what), turn.id)
                turn.stands_in_line = True
                if turn not in self._wanted:  # given up in this very moment
                    self._places.give_back(turn.id)
                self._hurry()
            elif ahead == 0:
                self._loop.call_soon_threadsafe(turn.come)

    async def _guarded(self, turn: _Turn, function: Callable[[], Awaitable[Any]]) -> Any:
        """Run the function on this very task for as long as its turn lasts."""
        task = asyncio.current_task()
        assert task is not None
        before = task.cancelling()
        turn.on_loss = task.cancel
        turn.timer = self._loop.call_later(0.0, self._watch, turn)
        try:
            return await function()
        except asyncio.CancelledError:
            if turn.is_lost and task.cancelling() == before + 1:  # nobody else cancelled it
                raise _TurnLostError from None
            raise
        finally:
            turn.on_loss = None
            turn.timer.cancel()
            if turn.is_lost:
                task.uncancel()

    def _watch(self, turn: _Turn) -> None:
        """Take the turn away when the lease was not renewed in time."""
        left = self.valid_until - time.monotonic()
        if left <= 0:
            turn.lose()
        elif turn.on_loss is not None:
            turn.timer = self._loop.call_later(left, self._watch, turn)


class _TurnLostError(Exception):
    """The turn went to somebody else."""


class _Turn:
    """One task that wants its turn."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.id = uuid4().hex
        self.stands_in_line = False
        self.is_lost = False
        self.on_loss: Callable[[], Any] | None = None
        self.timer: asyncio.TimerHandle | None = None
        self._comes = asyncio.Event()

    def come(self) -> None:
        """Let the task run."""
        self._comes.set()

    def lose(self) -> None:
        """Stop the task where it runs, else let it line up anew."""
        if not self.is_lost:
            self.is_lost = True
            self._comes.set()
            if self.on_loss is not None:
                self.on_loss()

    async def comes_before(self, stop: StopSignal) -> bool:
        """Wait for the turn; return False when a stop was asked for first, or the place in line was lost."""
        stops = asyncio.ensure_future(stop.wait())
        comes = asyncio.ensure_future(self._comes.wait())
        try:
            await asyncio.wait({stops, comes}, return_when=asyncio.FIRST_COMPLETED)
            return not stop.is_set and not self.is_lost
        finally:
            stops.cancel()
            comes.cancel()
