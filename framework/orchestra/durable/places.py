"""Turns at what only so many may do at a time in the whole store, first come, first served.

One idea serves two promises: a tenant's limit is so many places for its runs, and a singleton background task
is one place for all workers. Whoever wants a place stands in line; the first in line hold them. A worker that
has no lease any more stands in no line.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import exc

from orchestra.durable.tables import PLACES, translated

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_FIRST_LOOK, _LAST_LOOK = 0.02, 0.25


class Places:
    """The lines of a store as one worker stands in them; ``hurry`` calls for :meth:`sweep`."""

    def __init__(self, engine: sa.Engine, worker: str, hurry: Callable[[], None]) -> None:
        self._engine = translated(engine)
        self._worker = worker
        self._hurry = hurry
        self._left: set[str] = set()

    def line_up(self, what: str, turn: str) -> None:
        """Stand in the line for something, at its end; idempotent.

        One at a time lines up, so that who comes later is seen to come later by all.
        """
        last = sa.select(
            sa.literal(what),
            sa.func.coalesce(sa.func.max(PLACES.c.position), 0) + 1,
            sa.literal(turn),
            sa.literal(self._worker),
        ).where(PLACES.c.what == what)
        columns = [PLACES.c.what, PLACES.c.position, PLACES.c.turn, PLACES.c.worker]
        try:
            with self._engine.begin() as connection:
                if self._engine.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                    key = sa.func.hashtextextended(what, 0)
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
                connection.execute(sa.insert(PLACES).from_select(columns, last))
        except exc.IntegrityError:
            if self.ahead(turn) is None:
                raise

    def ahead(self, turn: str) -> int | None:
        """Return how many stand before a turn; None when it is in no line."""
        mine = PLACES.alias()
        before = sa.select(sa.func.count()).where(
            PLACES.c.what == mine.c.what, PLACES.c.position < mine.c.position
        )
        query = sa.select(before.scalar_subquery()).where(mine.c.turn == turn)
        with self._engine.connect() as connection:
            found: int | None = connection.execute(query).scalar()
        return found

    def length(self, what: str) -> int:
        """Return how many stand in a line, those that hold a place among them."""
        query = sa.select(sa.func.count()).select_from(PLACES).where(PLACES.c.what == what)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

    def give_back(self, turn: str) -> None:
        """Leave a line with the next :meth:`sweep`, with a place or without; waits for nothing."""
        self._left.add(turn)
        self._hurry()

    def sweep(self) -> None:
        """Leave the lines that were given up."""
        turns = self._left.copy()
        if turns:
            with self._engine.begin() as connection:
                connection.execute(sa.delete(PLACES).where(PLACES.c.turn.in_(turns)))
            self._left.difference_update(turns)

    @asynccontextmanager
    async def one_of(self, limit: int, what: str) -> AsyncIterator[None]:
        """Wait until one of so many places is free, and hold it. A store that is away is waited for."""
        turn = uuid4().hex
        try:
            await self._line_up_surely(what, turn)
            look = _FIRST_LOOK
            while True:
                ahead = await _surely(self.ahead, turn)
                if ahead is None:  # this worker was taken for dead
                    await self._line_up_surely(what, turn)
                elif ahead < limit:
                    break
                await asyncio.sleep(look)
                look = min(_LAST_LOOK, look * 1.5)
            yield
        finally:
            self.give_back(turn)

    async def _line_up_surely(self, what: str, turn: str) -> None:
        lining_up = asyncio.ensure_future(_surely(self.line_up, what, turn))
        try:
            await asyncio.shield(lining_up)
        except asyncio.CancelledError:  # the thread goes on: what it writes is given back after it
            lining_up.add_done_callback(lambda _: self.give_back(turn))
            raise


async def _surely(function: Callable[..., Any], *args: Any) -> Any:
    """Ask the store in a thread, again while it is away."""
    while True:
        try:
            return await asyncio.to_thread(function, *args)
        except (exc.DBAPIError, exc.TimeoutError):
            await asyncio.sleep(_LAST_LOOK)


def line_of_tenant(tenant: str) -> str:
    """Return the name of the line in which a tenant's runs stand."""
    return f"tenant {tenant}"


def line_of_singleton(task: str) -> str:
    """Return the name of the line for a background task."""
    return f"singleton {task}"
