"""Who is alive: a row for each worker, which is as good as dead when it has not been written for a lease."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from orchestra.durable.tables import LEASES, store_now, translated

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

    def release_if_dead(self, worker: str) -> None:
        """Take a worker out unless it has woken up."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(LEASES).where(LEASES.c.worker == worker, self._is_dead()))

    def dead(self) -> list[str]:
        """Return the workers whose lease ran out."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(LEASES.c.worker).where(self._is_dead())).scalars())

    def known(self) -> set[str]:
        """Return all workers that have a row, dead ones too."""
        with self._engine.connect() as connection:
            return set(connection.execute(sa.select(LEASES.c.worker)).scalars())

    def count(self) -> int:
        """Return how many workers live."""
        query = sa.select(sa.func.count()).select_from(LEASES).where(sa.not_(self._is_dead()))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0

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
