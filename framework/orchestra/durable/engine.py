# ruff: noqa: SLF001
"""Everything that is known of DBOS here and is not in its public interface, in one place.

The version range in pyproject.toml and tests/durable/test_engine_contract.py hold this together: one
launched engine per process, queues in memory (so that each worker has its own limits), how many runs of a
tenant these take up, taking a run from a dead executor (the statement that DBOS's own recovery uses), the
tables of runs and of what they were given, and the versions of the tables.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dbos import DBOS, DBOSClient, DBOSConfig

from orchestra.durable.serializer import JsonSerializer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import sqlalchemy as sa
    from dbos import Queue

    from orchestra.durable.store import Store

APPLICATION = "orchestra"
VERSION = "1"
"""The engine's own version is the same for all: what pins a run to its code is the queue it is in."""

ENDED = ("SUCCESS", "ERROR", "CANCELLED")
"""What the engine calls a run that has ended."""

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
        """Take up runs from a queue, once launched; at most ``concurrency`` at a time, and of each tenant."""
        queue = self._dbos._registry._register_internal_queue(
            name,
            worker_concurrency=concurrency,
            partition_worker_concurrency=per_tenant,
            polling_interval_sec=polling,
        )
        self._queues[name] = queue, polling

    def pace(self, factor: float) -> None:
        """Look into each queue that many times more seldom than it was listened to."""
        for queue, polling in self._queues.values():
            queue._polling_interval_sec = min(max(SELDOM, polling), polling * factor)

    def leave_waiting(self, per_tenant: int, taken: Callable[[str], int]) -> None:
        """Once launched, take up no more runs of a tenant than it has places left in the whole store.

        ``taken`` counts those that are gone. It is a look and no promise: it keeps runs that would have to
        wait from filling up a worker.
        """
        system = self._dbos._sys_db
        start = system.start_queued_workflows

        def start_where_there_is_room(
            queue: Queue,
            executor: str,
            version: str,
            tenant: str | None,
            running: int,
            *rest: Any,
            **named: Any,
        ) -> Any:
            here = rest[0] if rest else 0
            if tenant is not None and queue.name in self._queues:
                here = max(here, min(per_tenant, taken(tenant)))
            return start(queue, executor, version, tenant, running, here, **named)

        system.start_queued_workflows = start_where_there_is_room  # type: ignore[method-assign,assignment]

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


def hand_over(client: DBOSClient, run: str, executor: str, queue: str, tenant: str) -> bool:
    """Put a run of an executor that is gone back into its queue; return whether it was still there.

    Whoever else does the same at the same time does nothing.
    """
    put_down_tenant(client, run, tenant)
    return bool(client._sys_db.reenqueue_for_recovery(run, [executor], queue))


def put_down_tenant(client: DBOSClient, run: str, tenant: str) -> None:
    """Write whose a run is where queues look for it: one that came from no queue has it nowhere, and would
    never be found in a queue that keeps tenants apart.
    """
    import sqlalchemy as sa

    runs = client._sys_db.tables.workflow_status
    with client._sys_db.engine.begin() as connection:
        connection.execute(
            sa.update(runs)
            .where(runs.c.workflow_uuid == run, runs.c.queue_partition_key.is_(None))
            .values(queue_partition_key=tenant)
        )


def give(client: DBOSClient, run: str, given: Mapping[str, Any]) -> None:
    """Replace what a run is given when it is taken up."""
    import sqlalchemy as sa

    inputs = client._sys_db.tables.workflow_input
    with client._sys_db.engine.begin() as connection:
        connection.execute(
            sa.update(inputs)
            .where(inputs.c.workflow_uuid == run)
            .values(inputs=JsonSerializer().serialize(dict(given)))
        )


def delete_ended(client: DBOSClient, run: str, epoch: float) -> bool:
    """Delete a run that ended before a time, with all that belongs to it; return whether it was done.

    In one transaction that looks again: where any of it goes on meanwhile, nothing is deleted.
    """
    import sqlalchemy as sa

    system = client._sys_db
    runs, tables = system.tables.workflow_status, system.tables
    tree = [run, *system.get_workflow_children(run)]
    has_ended = runs.c.status.in_(ENDED)
    with system.engine.begin() as connection:
        gone = connection.execute(
            sa.delete(runs)
            .where(runs.c.workflow_uuid.in_(tree), has_ended)
            .returning(runs.c.workflow_uuid, runs.c.completed_at)
        ).all()
        ended = {row[0]: row[1] for row in gone}
        if len(gone) < len(tree) or (ended[run] or 0) >= epoch * 1000:
            connection.rollback()
            return False
        for table in (tables.workflow_input, tables.workflow_output, tables.operation_outputs):
            connection.execute(sa.delete(table).where(table.c.workflow_uuid.in_(tree)))
    return True


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
