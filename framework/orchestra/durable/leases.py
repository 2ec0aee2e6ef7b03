"""Who is alive: a row for each worker, which is as good as dead when it has not been written for a lease.

With its row a worker loses its places in all lines.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from orchestra.durable.tables import LEASES, PLACES, store_now, translated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Leases:
    """The table of leases; every time is the store's."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = translated(engine)

    def renew(self, worker: str, lease: float, serves: Sequence[str], running: Mapping[str, Any]) -> None:
        """Write that a worker lives, and what it runs; also when its row was taken away meanwhile."""
        now = store_now(self._engine)
        values = {"beat_at": now, "running": json.dumps(running)}
        with self._engine.begin() as connection:
            written = connection.execute(sa.update(LEASES).where(LEASES.c.worker == worker).values(**values))
            if not written.rowcount:
                row = {"worker": worker, "lease": lease, "serves": json.dumps(sorted(serves)), **values}
                connection.execute(sa.insert(LEASES).values(**row))

    def release(self, worker: str) -> None:
        """Take a worker out that has handed over what it ran."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(LEASES).where(LEASES.c.worker == worker))
            connection.execute(sa.delete(PLACES).where(PLACES.c.worker == worker))

    def release_if_dead(self, worker: str) -> None:
        """Take a worker out, and out of every line, unless it has woken up."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(LEASES).where(LEASES.c.worker == worker, self._is_dead()))
            is_gone = PLACES.c.worker.not_in(sa.select(LEASES.c.worker))
            connection.execute(sa.delete(PLACES).where(PLACES.c.worker == worker, is_gone))

    def peers(self, worker: str) -> dict[str, float]:
        """Return for each other worker the seconds that are left of its lease; below zero for a dead one."""
        left = LEASES.c.beat_at + LEASES.c.lease - store_now(self._engine)
        query = sa.select(LEASES.c.worker, left).where(LEASES.c.worker != worker)
        with self._engine.connect() as connection:
            return {row[0]: float(row[1]) for row in connection.execute(query)}

    def left_behind(self) -> list[str]:
        """Return workers without a row that still stand in a line."""
        query = sa.select(PLACES.c.worker).where(PLACES.c.worker.not_in(sa.select(LEASES.c.worker)))
        with self._engine.connect() as connection:
            return list(connection.execute(query.distinct()).scalars())

    def known(self) -> set[str]:
        """Return all workers that have a row, dead ones too."""
        with self._engine.connect() as connection:
            return set(connection.execute(sa.select(LEASES.c.worker)).scalars())

    def alive(self) -> list[dict[str, Any]]:
        """Return each living worker with what it serves and what it runs."""
        rows = sa.select(LEASES).where(sa.not_(self._is_dead())).order_by(LEASES.c.worker)
        with self._engine.connect() as connection:
            return [
                {
                    "worker": row.worker,
                    "serves": json.loads(row.serves),
                    "running": json.loads(row.running),
                }
                for row in connection.execute(rows)
            ]

    def _is_dead(self) -> sa.ColumnElement[bool]:
        return LEASES.c.beat_at + LEASES.c.lease < store_now(self._engine)
