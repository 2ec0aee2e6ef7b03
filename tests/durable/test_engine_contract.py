"""What this package takes for granted of DBOS beyond its public interface, one test for each.

A release of the engine that changes one of these fails here, by name, and not in somebody's runs.
"""

from __future__ import annotations

import inspect
import logging
from typing import Any

import dbos._migration as migration
import pytest
import sqlalchemy as sa
from dbos import DBOS, DBOSConfig
from dbos import error as engine_errors
from dbos._dbos import DBOSRegistry
from dbos._queue import Queue, queue_thread, queue_worker_thread
from dbos._schemas.system_database import SystemSchema
from dbos._sys_db import SystemDatabase, WorkflowStatusString

from orchestra import OrchestrationFacade
from orchestra.durable import Durable, Store
from orchestra.durable.engine import ENDED, quietly, versions_of_engine
from orchestra.durable.store import SCHEMA
from tests.durable.test_engine import CONTEXT, Waiting


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_queues_in_memory_are_registered_by_these_names() -> None:
    wanted = {"name", "worker_concurrency", "partition_worker_concurrency", "polling_interval_sec"}
    assert wanted <= {*parameters(DBOSRegistry._register_internal_queue), *parameters(Queue.__init__)}
    registry = DBOSRegistry()
    queue = registry._register_internal_queue(
        "q", worker_concurrency=2, partition_worker_concurrency=1, polling_interval_sec=0.5
    )
    assert registry.internal_queue_map["q"] is queue
    assert queue in registry.internal_queues()
    assert queue._has_partition_limits()
    assert queue._polling_interval_sec == 0.5
    assert "internal_queues()" in inspect.getsource(queue_thread)


def test_the_interval_of_a_queue_is_read_anew_before_each_look() -> None:
    loop = inspect.getsource(queue_worker_thread).partition("while not stop_event.is_set():")[2]
    assert "min_polling_interval = queue._polling_interval_sec" in loop


def test_a_tenant_is_taken_up_by_what_it_has_left_as_sixth_argument() -> None:
    assert parameters(SystemDatabase.start_queued_workflows)[1:7] == [
        "queue", "executor_id", "app_version", "queue_partition_key",
        "local_running_count", "partition_local_running_count",
    ]  # fmt: skip
    source = inspect.getsource(SystemDatabase.start_queued_workflows)
    assert "queue._partition_worker_concurrency\n" in source
    assert "- partition_local_running_count" in source
    assert "dbos._sys_db.start_queued_workflows(" in inspect.getsource(queue_worker_thread)


def test_a_run_is_taken_only_from_the_executor_that_has_it_and_keeps_its_queue() -> None:
    assert parameters(SystemDatabase.reenqueue_for_recovery) == [
        "self", "workflow_id", "executor_ids", "recovery_queue_name",
    ]  # fmt: skip
    source = inspect.getsource(SystemDatabase.reenqueue_for_recovery)
    assert "executor_id.in_(executor_ids)" in source
    assert "sa.func.coalesce(" in source


def test_the_tables_of_a_run_have_these_columns_and_no_others_hold_what_it_was_given() -> None:
    columns = {name: set(table.columns.keys()) for name, table in SystemSchema.metadata_obj.tables.items()}
    tables = {name.rpartition(".")[2]: found for name, found in columns.items()}
    assert {"workflow_uuid", "status", "completed_at", "queue_partition_key"} <= tables["workflow_status"]
    assert {"workflow_uuid", "inputs"} <= tables["workflow_input"]
    assert "workflow_uuid" in tables["workflow_output"]
    assert "workflow_uuid" in tables["operation_outputs"]
    deletes = inspect.getsource(SystemDatabase._delete_workflows)
    named = {name for name in tables if f"self.tables.{name}" in deletes}
    assert named == {"workflow_status", "workflow_input", "workflow_output", "operation_outputs"}
    assert set(ENDED) < {one.value for one in WorkflowStatusString}


def test_the_versions_of_the_tables_are_recorded_and_known(store_url: str) -> None:
    """A store that nobody opened has version 0, one that was migrated the version that is known."""
    assert parameters(migration.get_sqlite_migration_versions) == ["engine"]
    store = Store(store_url)
    engine = store.engine()
    recorded, known = versions_of_engine(engine, SCHEMA)
    assert (recorded, known > 0) == (0, True)
    with quietly():
        DBOS.migrate(store.url, schema=SCHEMA)
    assert versions_of_engine(engine, SCHEMA) == (known, known)
    schema = None if store.is_sqlite else SCHEMA
    assert "dbos_migrations" in sa.inspect(engine).get_table_names(schema=schema)
    engine.dispose()


def test_the_settings_that_a_worker_needs_are_known_to_the_engine() -> None:
    assert {
        "application_version", "executor_id", "system_database_url", "dbos_system_schema", "serializer",
        "sys_db_pool_size", "sys_db_idle_transaction_timeout_sec", "run_migrations",
        "notification_listener_polling_interval_sec",
    } <= set(DBOSConfig.__annotations__)  # fmt: skip


def test_a_step_that_does_not_fit_says_which_was_expected_and_which_is_recorded() -> None:
    error = engine_errors.DBOSUnexpectedStepError("run", 3, "expected", "recorded")
    assert error.inputs == ("run", 3, "expected", "recorded")


@pytest.mark.asyncio
async def test_a_listening_engine_has_its_queues_its_children_and_its_quiet(sqlite_url: str) -> None:
    facade = OrchestrationFacade(tenant_limit=3)
    orchestrator = Waiting()
    facade.register(orchestrator)
    orchestrator.may_go.set()
    async with Durable(sqlite_url, facade, polling=0.02) as durable:
        run = await durable.submit("conformance", "wait_in_a_nested_run", CONTEXT, text="a")
        assert (await durable.result(run)).success
        system = durable.engine_client._sys_db
        assert len(system.get_workflow_children(run)) == 1
        with system.engine.connect() as connection:
            inputs = connection.execute(sa.select(system.tables.workflow_input.c.inputs)).scalars().all()
        assert any('"text":"a"' in found for found in inputs)
    assert logging.getLogger("dbos").handlers
