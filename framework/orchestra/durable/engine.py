# ruff: noqa: SLF001
"""Everything that is known of DBOS here and is not in its public interface, in one place.

The version range in pyproject.toml and tests/durable/test_engine.py hold this together: one launched engine
per process, queues in memory (so that each worker has its own limits), and taking a run from a dead executor
(the statement that DBOS's own recovery uses).
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dbos import DBOS, DBOSClient, DBOSConfig

from orchestra.durable.serializer import JsonSerializer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa
    from dbos import Queue

    from orchestra.durable.store import Store

APPLICATION = "orchestra"
VERSION = "1"
"""The engine's own version is the same for all: what pins a run to its code is the queue it is in."""

SELDOM = 5.0
"""Seconds between two looks into a queue, at most."""

_LOGGER = logging.getLogger("dbos")


class Engine:
    """A launched DBOS; there is one in a process."""

    def __init__(self, store: Store, executor: str, *, pool_size: int, lease: float) -> None:
        with quietly():
            self._dbos = DBOS(config=_config(store, executor, pool_size, lease))
        self._queues: dict[str, tuple[Queue, float]] = {}

    def listen(self, name: str, *, concurrency: int | None, per_tenant: int | None, polling: float) -> None:
        """Take up runs from a queue, once launched; at most ``concurrency`` at a time."""
        queue = self._dbos._registry._register_internal_queue(
            name,
            worker_concurrency=concurrency,
            partition_concurrency=per_tenant,
            polling_interval_sec=polling,
        )
        self._queues[name] = queue, polling

    def pace(self, factor: float) -> None:
        """Look into each queue that many times more seldom than it was listened to."""
        for queue, polling in self._queues.values():
            queue._polling_interval_sec = min(max(SELDOM, polling), polling * factor)

    def launch(self) -> None:
        """Start; called on the thread of the event loop on which operations shall run."""
        with quietly():
            DBOS.launch()

    def close(self) -> None:
        """Stop; blocks, so never on the event loop's thread."""
        try:
            with quietly():
                DBOS.destroy()
        finally:
            for name in self._queues:
                self._dbos._registry.internal_queue_map.pop(name, None)


def open_client(store: Store) -> DBOSClient:
    """Return what reads and writes runs without running any."""
    from orchestra.durable.store import SCHEMA

    return DBOSClient(
        system_database_url=store.url,
        dbos_system_schema=SCHEMA,
        serializer=JsonSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )


def hand_over(client: DBOSClient, run: str, executor: str, queue: str) -> bool:
    """Put a run of an executor that is gone back into its queue; return whether it was still there.

    Whoever else does the same at the same time does nothing.
    """
    return bool(client._sys_db.reenqueue_for_recovery(run, [executor], queue))


def versions_of_engine(engine: sa.Engine, schema: str) -> tuple[int, int]:
    """Return the version of the engine's tables in the store, and the one that this installation has."""
    from dbos._migration import get_migration_versions, get_sqlite_migration_versions

    if engine.dialect.name == "sqlite":
        return get_sqlite_migration_versions(engine)
    return get_migration_versions(engine, schema, True)


@contextmanager
def quietly() -> Iterator[None]:
    """Keep DBOS from writing to the console by itself: applications configure the logger ``dbos``."""
    if not _LOGGER.handlers:
        _LOGGER.addHandler(logging.NullHandler())
        _LOGGER.addFilter(_no_outcomes)
    yield


def _no_outcomes(record: logging.LogRecord) -> bool:
    """Leave out what is no trouble of the engine: how runs ended stands in the store."""
    return not str(record.msg).startswith(("Exception encountered in asynchronous workflow", "Asyncio task"))


def _config(store: Store, executor: str, pool_size: int, lease: float) -> DBOSConfig:
    from orchestra.durable.store import SCHEMA

    return {
        "name": APPLICATION,
        "application_version": VERSION,
        "executor_id": executor,
        "system_database_url": store.url,
        "dbos_system_schema": SCHEMA,
        "serializer": JsonSerializer(),
        "sys_db_pool_size": pool_size,
        # A worker that is frozen inside a transaction must have lost its locks when its lease runs out.
        "sys_db_idle_transaction_timeout_sec": lease / 2,
        "run_migrations": False,
        "log_level": "WARNING",
        "notification_listener_polling_interval_sec": 1.0,
    }
