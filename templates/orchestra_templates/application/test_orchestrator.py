"""Signals wait until they are passed on, and the process has one instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestra import OrchestrationContext, OrchestrationFacade
from orchestra.clock import use_clock
from orchestra.testing import FakeClock, assert_no_leaked_tasks, verify_lifecycle
from orchestra_templates.application.orchestrator import (
    ExampleOrchestrator,
    get_orchestrator,
    set_orchestrator,
)

CONTEXT = OrchestrationContext(tenant_id="test", request_id="test-1", metadata={})


# region if submit_signal
@pytest.mark.asyncio
async def test_submit_signal_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="submit_signal",
        params={"component": "a", "data": {"value": 42}},
    )
    assert report.passed, str(report)


def test_submit_signal_refuses_an_unknown_component() -> None:
    with pytest.raises(ValueError, match="no_such_component"):
        ExampleOrchestrator().submit_signal("no_such_component", 1)


# endregion
# region if get_metrics
@pytest.mark.asyncio
async def test_get_metrics_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="get_metrics",
    )
    assert report.passed, str(report)


def test_get_metrics_counts_nothing_at_first() -> None:
    metrics = ExampleOrchestrator().get_metrics()
    assert metrics == {"signals": 0, "queue_a": 0, "queue_b": 0, "processed": 0}


# endregion
# region all submit_signal get_metrics process_signals
@pytest.mark.asyncio
async def test_signals_wait_are_passed_on_and_survive_a_stop() -> None:
    clock = FakeClock()
    with use_clock(clock):
        async with assert_no_leaked_tasks():
            orchestrator = ExampleOrchestrator()
            orchestrator.submit_signal("a", 1)
            orchestrator.submit_signal("b", 2)
            assert orchestrator.get_metrics()["signals"] == 2
            await clock.advance(1)
            assert orchestrator.get_metrics()["processed"] == 2
            await orchestrator.runtime.stop()
            orchestrator.submit_signal("a", 3)
            await clock.advance(10)
            assert orchestrator.get_metrics()["queue_a"] == 1
            orchestrator.runtime.start()
            await clock.advance(1)
            assert orchestrator.get_metrics()["processed"] == 3
            await orchestrator.cleanup()


# endregion
# region all start stop
@pytest.mark.asyncio
async def test_start_and_stop_may_be_repeated() -> None:
    async with assert_no_leaked_tasks():
        orchestrator = ExampleOrchestrator()
        for _ in range(2):
            assert orchestrator.start() == {"status": "started"}
            assert await orchestrator.stop() == {"status": "stopped"}
        await orchestrator.cleanup()


# endregion
# region all durable distribute
@pytest.mark.asyncio
async def test_distribute_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="distribute",
        params={"subject": "a text"},
    )
    assert report.passed, str(report)


# endregion
# region all durable distribute
@pytest.mark.asyncio
async def test_distribute_on_a_store_keeps_its_steps(tmp_path: Path) -> None:
    pytest.importorskip("dbos")
    from orchestra.durable import Durable, Runs

    store = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    facade = OrchestrationFacade()
    facade.register(ExampleOrchestrator())
    async with facade, Durable(store, facade, concurrency=0) as backend:
        result = await backend.run(
            "example_name",
            "distribute",
            CONTEXT,
            {"subject": "a text"},
        )
    assert result.success, result.error
    with Runs(store) as runs:
        (run,) = runs.find()
        steps = [step.name for step in runs.show(run.id).steps]
    assert steps == ["a", "b"]


# endregion
# region each operation
@pytest.mark.asyncio
async def test_example_operation_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="example_operation",
        params={"subject": "a text"},
    )
    assert report.passed, str(report)


@pytest.mark.asyncio
async def test_example_operation_answers() -> None:
    answer = await ExampleOrchestrator().example_operation("a text")
    assert answer == {
        "operation": "example_operation",
        "subject": "a text",
    }


# endregion
# region each dependency
def test_example_dependency_may_be_given() -> None:
    given: Any = object()
    orchestrator = ExampleOrchestrator(example_dependency=given)
    assert orchestrator.example_dependency is given


# endregion
# region each background
@pytest.mark.asyncio
async def test_example_background_comes_round_and_stops() -> None:
    rounds: list[str] = []

    class Counting(ExampleOrchestrator):
        async def example_background(self) -> None:
            rounds.append("example_background")
            await super().example_background()

    clock = FakeClock()
    with use_clock(clock):
        async with assert_no_leaked_tasks():
            orchestrator = Counting()
            orchestrator.runtime.start()
            await clock.advance(60)
            await orchestrator.cleanup()
            await clock.advance(60)
    assert rounds == ["example_background", "example_background"]


# endregion
@pytest.mark.asyncio
async def test_an_unknown_operation_is_refused() -> None:
    async with OrchestrationFacade() as facade:
        facade.register(ExampleOrchestrator())
        result = await facade.orchestrate(
            "example_name",
            CONTEXT,
            operation="no_such_operation",
        )
    assert not result.success


def test_the_process_has_one_instance_when_asked_for() -> None:
    set_orchestrator(None)
    assert get_orchestrator() is None
    made = get_orchestrator(auto_create=True)
    assert get_orchestrator() is made
    other = ExampleOrchestrator()
    set_orchestrator(other)
    assert get_orchestrator(auto_create=True) is other
    set_orchestrator(None)
