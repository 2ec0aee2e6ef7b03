"""The workflow answers, keeps nothing, and lives through the five steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestra import OrchestrationContext, OrchestrationFacade
from orchestra.clock import use_clock
from orchestra.testing import FakeClock, assert_no_leaked_tasks, verify_lifecycle
from orchestra_templates.domain.orchestrator import ExampleOrchestrator

CONTEXT = OrchestrationContext(tenant_id="test", request_id="test-1", metadata={})


# region if execute
@pytest.mark.asyncio
async def test_execute_returns_what_the_workflow_found() -> None:
    async with OrchestrationFacade() as facade:
        facade.register(ExampleOrchestrator())
        found = await facade.call(
            "example_name",
            "execute",
            CONTEXT,
            subject="a text",
        )
    assert found["analysis"] == "standard analysis of a text"


@pytest.mark.asyncio
async def test_execute_keeps_nothing_between_two_calls() -> None:
    orchestrator = ExampleOrchestrator()
    first = await orchestrator.execute("a text", depth="deep")
    await orchestrator.execute("another")
    assert await orchestrator.execute("a text", depth="deep") == first


@pytest.mark.asyncio
async def test_execute_lives_through_the_five_steps() -> None:
    report = await verify_lifecycle(
        ExampleOrchestrator,
        operation="execute",
        params={"subject": "a text"},
    )
    assert report.passed, str(report)


# endregion
# region all durable execute
@pytest.mark.asyncio
async def test_execute_on_a_store_keeps_its_steps(tmp_path: Path) -> None:
    pytest.importorskip("dbos")
    from orchestra.durable import Durable, Runs

    store = f"sqlite:///{tmp_path / 'runs.sqlite'}"
    facade = OrchestrationFacade()
    facade.register(ExampleOrchestrator())
    async with facade, Durable(store, facade, concurrency=0) as backend:
        result = await backend.run(
            "example_name",
            "execute",
            CONTEXT,
            {"subject": "a text"},
        )
    assert result.success, result.error
    with Runs(store) as runs:
        (run,) = runs.find()
        steps = [step.name for step in runs.show(run.id).steps]
    assert steps == ["analyze"]


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
