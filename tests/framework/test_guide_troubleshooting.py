"""The guide's section "Troubleshooting": a test for each of its errors, with the message that users get."""

from __future__ import annotations

import asyncio
import gc
import re
import warnings
from typing import Any

import pytest

from orchestra import (
    BaseOrchestrator,
    OrchestrationFacade,
    OrchestrationType,
    StepResult,
    background,
    operation,
)
from orchestra.errors import InvalidOrchestrationTypeError, OrchestratorNotFoundError
from orchestra.layers import OrchestrationLayer
from orchestra.testing import FakeClock
from tests.support.guide import GUIDE


class Watching(BaseOrchestrator):
    """Whose constructor spawns a task, as the first of the errors comes about."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.INFRASTRUCTURE, "watching")
        self.rounds = 0
        self.runtime.spawn(self._background_loop)

    async def _background_loop(self) -> None:
        self.rounds += 1
        await self.runtime.wait_stopped(60)

    async def orchestrate(self, context: Any, **kwargs: Any) -> StepResult:
        self._log_orchestration_start(context, **kwargs)
        return StepResult.ok(rounds=self.rounds, **kwargs)


def test_each_error_of_the_section_has_its_test() -> None:
    section = GUIDE.partition("## Troubleshooting")[2].partition("\n## ")[0]

    assert re.findall(r"^#### (.*)$", section, re.MULTILINE) == [
        "RuntimeError: no running event loop",
        "TypeError: got multiple values for keyword argument",
        "AttributeError: 'OrchestrationType' has no attribute 'XXX'",
        "ValueError: Orchestrator 'XXX' not found",
        "Tasks Never Complete / Memory Leaks",
    ]


def test_runtime_error_no_running_event_loop(orchestration_context: Any) -> None:
    """A constructor without a loop neither raises nor warns; a coroutine in a function's place is named."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        watching = Watching()
        gc.collect()
    with pytest.raises(TypeError, match=re.escape("not the coroutine: spawn(f, x)")):
        watching.runtime.spawn(watching._background_loop())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    async def use() -> None:
        facade = OrchestrationFacade()
        facade.register(watching)
        await facade.orchestrate("watching", orchestration_context)
        await asyncio.sleep(0)
        await facade.aclose()

    asyncio.run(use())
    assert watching.rounds == 1


@pytest.mark.asyncio
async def test_type_error_got_multiple_values_for_keyword_argument(orchestration_context: Any) -> None:
    """It does not occur, neither in the facade nor in the helpers that a class of one's own calls."""
    facade = OrchestrationFacade()
    facade.register(Watching())
    given = dict.fromkeys(("depth", "event", "level", "context", "name", "self", "orchestrator_name"), 1)
    kept = {name: value for name, value in given.items() if name not in ("context", "self")}

    assert (await facade.orchestrate("watching", orchestration_context, **kept)).success
    own = Watching()
    own._log_orchestration_start(orchestration_context, **given)
    await facade.aclose()


def test_attribute_error_orchestration_type_has_no_attribute() -> None:
    with pytest.raises(AttributeError, match="XXX"):
        OrchestrationType.XXX  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]

    class Misspelt(BaseOrchestrator):
        def __init__(self) -> None:
            wrong: Any = "coordinaton"
            super().__init__(OrchestrationLayer.DOMAIN, "misspelt", wrong)

        @operation
        def work(self) -> None: ...

    with pytest.raises(
        InvalidOrchestrationTypeError, match=r"'coordinaton' is not.*Use OrchestrationType\.COORDINATION"
    ):
        Misspelt()


@pytest.mark.asyncio
async def test_value_error_orchestrator_not_found(orchestration_context: Any) -> None:
    facade = OrchestrationFacade()
    with pytest.raises(ValueError, match=r"'wacthing' not found in facade.*Call facade\.register\(…\) first"):
        await facade.orchestrate("wacthing", orchestration_context)
    facade.register(Watching())
    with pytest.raises(OrchestratorNotFoundError, match="Did you mean 'watching'") as caught:
        await facade.orchestrate("wacthing", orchestration_context)
    assert caught.value.known == ["watching"]
    await facade.aclose()


@pytest.mark.asyncio
async def test_tasks_never_complete(fake_clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """Stopping is bounded, and the report and the log name the task and where it stands."""
    let_go: list[bool] = []

    class Stuck(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "stuck")

        @background(grace=1)
        async def loop(self) -> None:
            while not let_go:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    continue

    with pytest.raises(TypeError, match="Stuck has nothing to orchestrate"):
        Stuck()
    Stuck.orchestrate = Watching.orchestrate  # type: ignore[assignment, method-assign]
    facade = OrchestrationFacade()
    facade.register(stuck := Stuck())
    stuck.runtime.start()
    await fake_clock.advance(0)
    task = stuck.runtime.tasks["loop"].task
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(10)
    report = await closing

    assert [(one.orchestrator, one.what) for one in report.overdue] == [("stuck", "loop")]
    assert any("in loop" in line for line in report.overdue[0].stack)
    assert "background_overdue" in caplog.text
    let_go.append(True)
    assert task is not None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
