"""It runs work, comes round in the background, and stops when it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestra import OrchestrationContext, OrchestrationFacade
from orchestra.clock import use_clock
from orchestra.testing import FakeClock, assert_no_leaked_tasks, verify_lifecycle
from orchestra_templates.infrastructure.orchestrator import ExampleOrchestrator

CONTEXT = OrchestrationContext(tenant_id="test", request_id="test-1", metadata={})


# region if execute
async def double(number: int) -> int:
    return 2 * number


async def fail() -> None:
    raise ConnectionError("the line is dead")


@pytest.mark.asyncio
async def test_execute_returns_what_the_function_returned() -> None:
    async with OrchestrationFacade() as facade:
        facade.register(ExampleOrchestrator())
        value = await facade.call(
            "example_name",
            "execute",
            CONTEXT,
            double,
            [21],
        )
    assert value == 42


@pytest.mark.asyncio
async def test_execute_passes_a_failure_on() -> None:
    orchestrator = ExampleOrchestrator()
    with pytest.raises(ConnectionError):
        await orchestrator.execute(fail)
    await orchestrator.cleanup()


@pytest.mark.asyncio
async def test_execute_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="execute",
        params={"func": double, "args": (21,)},
    )
    assert report.passed, str(report)


# endregion
# region if get_health
@pytest.mark.asyncio
async def test_get_health_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="get_health",
    )
    assert report.passed, str(report)


def test_get_health_begins_without_failures() -> None:
    health = ExampleOrchestrator().get_health()
    assert health == {"healthy": True, "calls": 0, "failures": 0, "checks": 0}


# endregion
# region if check_health
@pytest.mark.asyncio
async def test_check_health_comes_round_each_minute_and_stops_at_once() -> None:
    rounds: list[str] = []

    class Counting(ExampleOrchestrator):
        async def check_health(self) -> None:
            rounds.append("check_health")
            await super().check_health()

    clock = FakeClock()
    with use_clock(clock):
        async with assert_no_leaked_tasks():
            orchestrator = Counting()
            orchestrator.runtime.start()
            await clock.advance(60)
            await orchestrator.cleanup()
            await clock.advance(60)
    assert rounds == ["check_health", "check_health"]


# endregion
# region all durable roll_out
@pytest.mark.asyncio
async def test_roll_out_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="roll_out",
        params={"target": "a host"},
    )
    assert report.passed, str(report)


# endregion
# region all durable roll_out
@pytest.mark.asyncio
async def test_roll_out_on_a_store_keeps_its_steps(tmp_path: Path) -> None:
    pytest.importorskip("dbos")
    from orchestra.durable import Durable, Runs

    store = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    facade = OrchestrationFacade()
    facade.register(ExampleOrchestrator())
    async with facade, Durable(store, facade, concurrency=0) as backend:
        result = await backend.run(
            "example_name",
            "roll_out",
            CONTEXT,
            {"target": "a host"},
        )
    assert result.success, result.error
    with Runs(store) as runs:
        (run,) = runs.find()
        steps = [step.name for step in runs.show(run.id).steps]
    assert steps == ["look before", "change", "look after"]


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
