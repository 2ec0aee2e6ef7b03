"""Each block that the errata correct: how it fails as written, and that it works as corrected."""

from __future__ import annotations

import asyncio
import gc
import importlib
import shutil
import sys
import types
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import orchestra
from orchestra import BaseOrchestrator, background, lazy, operation
from orchestra.bounded import CANCEL_SECONDS
from orchestra.testing import FakeClock, assert_no_leaked_tasks
from tests.support.guide import CORRECTED, STEP_RESULT, TABLE, Test, method_of, run, source

FAILS: set[int] = set()
WORKS: set[int] = set()
GIVEN = ("super().__init__(...)", 'super().__init__(OrchestrationLayer.DOMAIN, "shown")')
SPAWNED = ("asyncio.create_task(self._background_loop())", "self.runtime.spawn(self._background_loop)")
WAITING = "    async def _background_loop(self):\n        await asyncio.Event().wait()\n"


def fails(*numbers: int) -> Callable[[Test], Test]:
    """Say of which blocks a test shows that they fail as written."""
    FAILS.update(numbers)
    return lambda function: function


def works(*numbers: int) -> Callable[[Test], Test]:
    """Say of which blocks a test shows that they work as corrected."""
    WORKS.update(numbers)
    return lambda function: function


def test_each_corrected_block_fails_as_written_and_works_as_corrected() -> None:
    corrected = {number for number, (kind, _) in TABLE.items() if kind == CORRECTED}
    assert corrected == FAILS
    assert corrected == WORKS


def never_awaited(action: Callable[[], object]) -> bool:
    """Return whether what was done left a coroutine that nobody awaits."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with suppress(RuntimeError):  # no running event loop
            action()
        gc.collect()
    return any("was never awaited" in str(one.message) for one in warned)


async def end(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def others() -> set[asyncio.Task[Any]]:
    current = asyncio.current_task()
    return {task for task in asyncio.all_tasks() if task is not current}


# -- tasks that are started without a loop (blocks 7, 8, 9, 13, 18, 31) -------------------------------------


@fails(7, 9)
def test_a_task_started_in_a_constructor_needs_a_loop_and_leaves_a_coroutine(names: Any) -> None:
    legacy = asyncio.run(run(source(7), **names))["MyMonitoringOrchestrator"]
    shown = asyncio.run(run(method_of(source(9), base="object") + WAITING, **names))["Shown"]
    for kind in (legacy, shown):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with pytest.raises(RuntimeError, match="no running event loop"):
                kind()
            gc.collect()
        assert never_awaited(kind)


@fails(8, 13, 18, 31)
@pytest.mark.parametrize(
    ("number", "kind", "start"),
    [
        (8, "MyMonitoringOrchestrator", "_start_monitoring"),
        (13, "MyCoordinationOrchestrator", "_start_background_tasks"),
        (18, "MyOrchestrator", "_start_task"),
        (31, "Shown", "_start_task"),
    ],
)
def test_catching_the_error_leaves_the_coroutine_all_the_same(
    names: Any, number: int, kind: str, start: str
) -> None:
    edits = [GIVEN] if number in (18, 31) else []
    text = source(number, *edits)
    text = (method_of(text) if number == 31 else text) + (WAITING if number in (18, 31) else "")
    made = asyncio.run(run(text, **names))[kind]()

    assert never_awaited(getattr(made, start))


@fails(18, 19, 31)
@pytest.mark.parametrize("number", [18, 19, 31])
def test_the_dots_in_the_constructor_are_no_arguments(names: Any, number: int) -> None:
    text = method_of(source(number)) if number == 31 else source(number)
    made = asyncio.run(run(text, **names))
    kind = made["Shown" if number == 31 else "MyOrchestrator"]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        kind()


@works(7, 9, 18, 31)
@pytest.mark.parametrize("number", [7, 9, 18, 31])
def test_spawned_instead_it_starts_with_the_first_call_and_stops_with_the_clean_up(
    core: Any, names: Any, number: int
) -> None:
    own = "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n"
    calm = "    async def _background_loop(self):\n        await self.runtime.wait_stopped()\n"
    begun = 'super().__init__(OrchestrationLayer.DOMAIN, "shown")\n'
    texts = {
        7: lambda: (
            source(
                7,
                ("class MyMonitoringOrchestrator:", "class Shown(BaseOrchestrator):"),
                ("self._health_data = {}", begun + "        self._health_data = {}"),
                ("asyncio.create_task(self._monitoring_loop())", "self.runtime.spawn(self._monitoring_loop)"),
            )
            + "    async def _check_health(self):\n        self._health_data['ok'] = True\n"
            + own
        ),
        9: lambda: method_of(source(9, ("    asyncio.", f"    {begun}    asyncio."), SPAWNED)) + calm + own,
        18: lambda: source(18, GIVEN, SPAWNED, ("MyOrchestrator", "Shown")) + calm,
        31: lambda: method_of(source(31, GIVEN, SPAWNED)) + calm,
    }
    kind = asyncio.run(run(texts[number](), **names))["Shown"]
    made: list[Any] = []
    assert not never_awaited(lambda: made.append(kind()))
    context = core.OrchestrationContext("t", "r")

    async def use() -> None:
        async with assert_no_leaked_tasks():
            await made[0].orchestrate(context)
            await asyncio.sleep(0)
            assert len(made[0].runtime.tasks) == 1
            await made[0].cleanup()

    asyncio.run(use())


# -- the infrastructure pattern (block 8) -------------------------------------------------------------------


@fails(8)
@pytest.mark.asyncio
async def test_the_monitoring_loop_spins_without_a_pause_while_its_check_fails(core: Any) -> None:
    kind: Any = (await run(source(8)))["MyMonitoringOrchestrator"]

    class Failing(kind):  # type: ignore[misc]
        checks = 0

        async def _check_health(self) -> None:
            self.checks += 1
            if self.checks == 1000:
                self._shutdown_event.set()
            raise ConnectionError

    failing = Failing()
    loop = asyncio.get_running_loop()
    turns: list[None] = []
    loop.call_soon(turns.append, None)
    task = loop.create_task(failing._monitoring_loop())
    await task

    assert failing.checks == 1000
    assert len(turns) == 1


@works(8)
@pytest.mark.asyncio
async def test_a_supervised_check_backs_off_while_it_fails(
    core: Any, names: Any, context: Any, fake_clock: FakeClock
) -> None:
    class Monitoring(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.INFRASTRUCTURE, "my_monitoring")
            self.checks = 0

        @background(interval=60, backoff=10)
        async def check_health(self) -> None:
            self.checks += 1
            raise ConnectionError

        @operation
        async def get_health(self) -> int:
            return self.checks

    facade = core.get_orchestration_facade()
    facade.register(monitoring := Monitoring())
    async with assert_no_leaked_tasks():
        await facade.orchestrate("my_monitoring", context, operation="get_health")
        await fake_clock.advance(9)
        assert monitoring.checks == 1
        await fake_clock.advance(3)
        assert monitoring.checks == 2
        unknown = await facade.orchestrate("my_monitoring", context, operation="nothing")
        assert unknown.error_category.name == "VALIDATION"
        await facade.aclose()


# -- loops and clean-ups without an end (blocks 10, 11, 19, 20) ---------------------------------------------


@fails(10, 11)
@pytest.mark.asyncio
async def test_an_endless_loop_makes_the_clean_up_endless(names: Any, fake_clock: FakeClock) -> None:
    text = method_of(source(10) + source(11), base="object", init="pass")
    shown = (await run(text, **names))["Shown"]()
    shown._work = lambda: asyncio.sleep(0)
    shown._task = asyncio.create_task(shown._background_loop())
    cleanup = asyncio.create_task(shown.cleanup())
    await fake_clock.advance(3600)

    assert not cleanup.done()
    await end({shown._task, cleanup})


@fails(20)
@pytest.mark.asyncio
async def test_wait_for_and_cancel_is_bounded_only_for_tasks_that_let_go(names: Any) -> None:
    text = source(20, ("timeout=5.0", "timeout=0.001"))
    shown = (await run(method_of(text, base="object", init="pass"), **names))["Shown"]()
    shown._shutdown_event, release = asyncio.Event(), asyncio.Event()
    cancelled: list[str] = []

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                cancelled.append("by wait_for")

    shown._task = asyncio.create_task(stubborn())
    cleanup = asyncio.create_task(shown.cleanup())
    while not cancelled:
        await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)

    assert not cleanup.done()
    release.set()
    await asyncio.wait_for(cleanup, 5)


@works(10, 11, 20)
@pytest.mark.asyncio
async def test_the_frameworks_stop_is_bounded_and_names_who_does_not_let_go(
    core: Any, fake_clock: FakeClock
) -> None:
    release: list[bool] = []

    class Endless(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.INFRASTRUCTURE, "endless")

        @background(grace=5)
        async def polite(self) -> None:
            while True:  # block 10, as it stands
                await self._work()

        @background(grace=5)
        async def stubborn(self) -> None:
            while not release:
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    continue

        @operation
        async def work(self) -> None:
            pass

        async def _work(self) -> None:
            await asyncio.sleep(3600)

    facade = core.get_orchestration_facade()
    facade.register(endless := Endless())
    await facade.orchestrate("endless")
    await fake_clock.advance(0)
    stubborn = endless.runtime.tasks["stubborn"].task
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(5 + CANCEL_SECONDS)
    report = await closing

    assert [one.what for one in report.overdue] == ["stubborn"]
    assert any("in stubborn" in line for line in report.overdue[0].stack)
    release.append(True)
    assert stubborn is not None
    await end({stubborn})


@fails(19)
@pytest.mark.asyncio
async def test_the_clean_up_of_block_19_does_not_wait_for_the_loop(names: Any) -> None:
    own = "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n"
    graceful = (await run(source(19, GIVEN) + own, **names))["MyOrchestrator"]()
    task = asyncio.create_task(graceful._background_loop())
    await asyncio.sleep(0)
    await graceful.cleanup()

    assert not task.done()
    await asyncio.wait_for(task, 5)


@works(19)
@pytest.mark.asyncio
async def test_block_19_with_arguments_and_a_spawned_loop_has_ended_after_its_clean_up(names: Any) -> None:
    own = "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n"
    graceful = (await run(source(19, GIVEN) + own, **names))["MyOrchestrator"]()
    task = graceful.runtime.spawn(graceful._background_loop)
    await asyncio.sleep(0)
    async with assert_no_leaked_tasks():
        await graceful.cleanup()

    assert task.done()
    assert not task.cancelled()


# -- the application pattern and its callers (blocks 13, 14, 15, 16) ----------------------------------------


@fails(13)
@pytest.mark.asyncio
async def test_the_application_pattern_refuses_and_fails_without_a_clear_error(context: Any) -> None:
    made = (await run(source(13)))["MyCoordinationOrchestrator"]()
    with pytest.raises(KeyError):
        await made.orchestrate(context, operation="submit_signal", component="unknown", data=1)
    with pytest.raises(NameError, match="ErrorCategory"):
        await made.orchestrate(context, operation="nothing")
    await end(others())


@fails(13)
@pytest.mark.asyncio
async def test_the_application_pattern_drops_its_task_sleeps_on_and_never_starts_again(context: Any) -> None:
    made = (await run(source(13)))["MyCoordinationOrchestrator"]()
    before = others()
    await made.orchestrate(context, operation="start")
    (task,) = others() - before
    assert not any(value is task for value in vars(made).values())

    await asyncio.sleep(0)
    await made.orchestrate(context, operation="stop")
    await made.cleanup()
    await asyncio.sleep(0)
    assert not task.done()
    await end({task})

    await made.orchestrate(context, operation="start")
    assert others() == before


class Coordination(BaseOrchestrator):
    """Block 13 as the product migrates it: every public method stays, routing is inherited."""

    def __init__(self) -> None:
        layer, kind = orchestra.OrchestrationLayer.APPLICATION, orchestra.OrchestrationType.COORDINATION
        super().__init__(layer, "my_coordination", kind)
        self._queues: dict[str, list[Any]] = {"a": [], "b": []}
        self.rounds = 0

    @operation
    def start(self) -> None:
        self.runtime.start()

    @operation
    async def stop(self) -> None:
        await self.runtime.stop()

    @operation
    def submit_signal(self, component: str, data: Any) -> None:
        self._queues[component].append(data)

    @operation
    def get_metrics(self) -> dict[str, int]:
        return {"signals": sum(len(queue) for queue in self._queues.values())}

    @background(restart="never", start="manual")
    async def _processing_loop(self) -> None:
        while not await self.runtime.wait_stopped(1):
            self.rounds += 1


@works(13)
@pytest.mark.asyncio
async def test_the_migrated_class_keeps_its_task_stops_at_once_and_starts_again(
    core: Any, context: Any, fake_clock: FakeClock
) -> None:
    facade = core.get_orchestration_facade()
    facade.register(made := Coordination())
    async with assert_no_leaked_tasks():
        await facade.orchestrate("my_coordination", context, operation="start")
        first = made.runtime.tasks["_processing_loop"].task
        await fake_clock.advance(2)
        assert made.rounds == 2
        await facade.orchestrate("my_coordination", context, operation="stop")
        assert first is not None
        assert first.done()
        await facade.orchestrate("my_coordination", context, operation="start")
        await fake_clock.advance(2)
        assert made.rounds == 4
        unknown = await facade.orchestrate("my_coordination", context, operation="nothing")
        assert (unknown.success, unknown.error_category.name) == (False, "VALIDATION")
        wrong = {"operation": "submit_signal", "component": "c", "data": 1}
        missing = await facade.orchestrate("my_coordination", context, **wrong)
        assert (missing.success, missing.error_category.name) == (False, "NOT_FOUND")
        await facade.aclose()


@pytest.fixture
def migrated(core: Any, monkeypatch: pytest.MonkeyPatch) -> Coordination:
    made = Coordination()
    accessor: Any = types.ModuleType("my_app.my_coordination")
    accessor.get_orchestrator = lambda auto_create=False: made
    layer = importlib.import_module("core.orchestration.application")
    monkeypatch.setitem(sys.modules, "my_app", types.ModuleType("my_app"))
    monkeypatch.setitem(sys.modules, "my_app.my_coordination", accessor)
    monkeypatch.setattr(layer, "get_orchestrator", accessor.get_orchestrator, raising=False)
    core.get_orchestration_facade().register(made)
    return made


@fails(14)
@pytest.mark.asyncio
async def test_the_class_of_block_13_has_none_of_the_methods_that_its_callers_call(core: Any) -> None:
    made = (await run(source(13)))["MyCoordinationOrchestrator"]()
    for line in ("orch.start()", 'orch.submit_signal("a", {"value": 42})', "metrics = orch.get_metrics()"):
        assert line in source(14)
        with pytest.raises(AttributeError, match="has no attribute"):
            await run(line, orch=made)


@fails(14)
@pytest.mark.asyncio
async def test_the_data_of_the_result_is_not_what_the_legacy_method_returned(
    core: Any, migrated: Coordination
) -> None:
    ran = await run(source(14))

    assert ran["metrics"] == {"result": migrated.get_metrics()}
    await core.get_orchestration_facade().aclose()


@works(14)
@pytest.mark.asyncio
async def test_the_migrated_class_keeps_its_methods_and_call_returns_what_they_return(
    core: Any, context: Any, migrated: Coordination
) -> None:
    option_one = source(14).partition("# After (Option 2")[0]
    ran = await run(option_one)
    facade = core.get_orchestration_facade()

    assert ran["metrics"] == migrated.get_metrics() == {"signals": 2}
    assert await facade.call("my_coordination", "get_metrics", context) == {"signals": 2}
    with pytest.raises(KeyError):
        await facade.call("my_coordination", "submit_signal", context, "c", 1)
    await facade.aclose()


@fails(15)
@pytest.mark.asyncio
async def test_an_eager_dependency_fails_with_the_constructor(names: Any) -> None:
    eager = (await run(method_of(source(15), base="object"), **names))["Shown"]
    with pytest.raises(ModuleNotFoundError, match="heavy_module"):
        eager()


@works(15)
@pytest.mark.asyncio
async def test_a_lazy_dependency_fails_when_it_is_used_and_is_named(core: Any, context: Any) -> None:
    class Declared(BaseOrchestrator):
        router = lazy("heavy_module:HeavyRouter")

        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.APPLICATION, "declared")

        @operation
        def work(self) -> Any:
            return self.router

    facade = core.get_orchestration_facade()
    facade.register(Declared())
    result = await facade.orchestrate("declared", context)

    assert result.error_category.name == "CONFIGURATION"
    assert "The dependency 'router' of 'declared' cannot be imported" in result.error
    await facade.aclose()


@fails(16)
def test_several_methods_are_shown_with_dots_for_parameters() -> None:
    with pytest.raises(SyntaxError):
        compile(source(16), "<guide>", "exec")


@works(16)
@pytest.mark.asyncio
async def test_several_methods_are_routed_when_they_are_marked(names: Any, context: Any) -> None:
    marked = source(16, ("(self, ...)", "(self, *args)"), ("async def", "@operation\nasync def"))
    shown = (await run(method_of(marked), **names))["Shown"]()
    for name in ("submit_signal", "get_metrics", "start"):
        assert (await shown.orchestrate(context, operation=name)).success


# -- a type of one's own (block 32), the testing template (block 39) ----------------------------------------


@fails(32)
@pytest.mark.asyncio
async def test_an_enum_that_is_imported_cannot_be_extended_and_a_new_one_lacks_the_nine(core: Any) -> None:
    text = source(32, ("(Enum)", "(OrchestrationType)"))
    with pytest.raises(TypeError, match="cannot extend"):
        await run(text, OrchestrationType=orchestra.OrchestrationType)
    from enum import Enum

    alone = (await run(source(32), Enum=Enum))["OrchestrationType"]
    assert [member.name for member in alone] == ["YOUR_NEW_TYPE"]


@works(32)
@pytest.mark.asyncio
async def test_a_type_is_added_in_the_projects_own_protocols(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project / "src", tmp_path / "src")
    protocols = tmp_path / "src" / "core" / "orchestration" / "protocols.py"
    added = source(32).splitlines()[-1]
    last = '    BUSINESS_LOGIC = "business_logic"\n'
    assert last in protocols.read_text()
    protocols.write_text(protocols.read_text().replace(last, f"{last}{added}\n"))
    monkeypatch.syspath_prepend(tmp_path / "src")
    ours = {"core", STEP_RESULT.partition(".")[0]}
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        del sys.modules[name]
    core = importlib.import_module("core.orchestration")

    class Own(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.DOMAIN, "own", core.OrchestrationType.YOUR_NEW_TYPE)

        @operation
        def work(self) -> int:
            return 1

    facade = core.get_orchestration_facade()
    facade.register(Own())
    assert len(core.OrchestrationType) == 10
    assert facade.list_orchestrators()["own"]["type"] == "your_new_type"
    assert (await facade.orchestrate("own")).success
    await facade.aclose()
    for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
        del sys.modules[name]


@fails(39)
@pytest.mark.asyncio
async def test_the_testing_template_names_no_layer_and_no_parameters(core: Any) -> None:
    with pytest.raises(SyntaxError):
        compile(source(39), "<guide>", "exec")
    names = {name: getattr(core, name) for name in ("OrchestrationContext", "get_orchestration_facade")}
    with pytest.raises(NameError, match="params"):
        await run(source(39, ("{layer}", "domain")), **names)
    await core.get_orchestration_facade().aclose()


@works(39)
@pytest.mark.asyncio
async def test_the_testing_template_works_with_both_given(core: Any) -> None:
    names = {name: getattr(core, name) for name in ("OrchestrationContext", "get_orchestration_facade")}
    ran = await run(source(39, ("{layer}", "domain")), params={"x": 1}, **names)

    assert ran["result"].success
    await core.get_orchestration_facade().aclose()
