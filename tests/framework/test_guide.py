"""Every Python block of the usage guide, in a project made by ``orchestra init``, with two result classes.

``TABLE`` says of each block what it is; a test here runs it. Blocks that the errata correct are shown to fail
as written and to work as corrected in ``test_guide_corrected.py``.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import logging
import sys
import types
from dataclasses import fields
from enum import Enum
from typing import Any

import pytest

import orchestra
from orchestra import BaseOrchestrator, background, lazy, operation
from orchestra.testing import FakeClock, assert_no_leaked_tasks
from tests.support.guide import BLOCKS, CORRECTED, STEP_RESULT, TABLE, TESTED, block, method_of, run, source


def test_the_table_covers_every_block_and_every_entry_has_its_test() -> None:
    assert len(BLOCKS) == 39
    assert list(TABLE) == list(range(1, 40))
    corrected = {number for number, (kind, _) in TABLE.items() if kind == CORRECTED}
    assert set(TABLE) == TESTED | corrected


@block(1, 2)
@pytest.mark.asyncio
async def test_quick_start(core: Any, results: Any, capsys: pytest.CaptureFixture[str]) -> None:
    made = await run(source(1))
    await run(source(2), **made)

    assert capsys.readouterr().out.startswith("Result: {'result': {'status': 'success'")
    facade = core.get_orchestration_facade()
    assert type(await facade.orchestrate("my_orchestrator", made_context(core))) is results.StepResult
    await facade.aclose()


def made_context(core: Any) -> Any:
    return core.OrchestrationContext(tenant_id="t", request_id="r", metadata={})


@block(3)
@pytest.mark.asyncio
async def test_the_legacy_class_of_the_domain_pattern_is_a_fragment(names: Any) -> None:
    with pytest.raises(NameError):
        await run(source(3))
    made = await run(source(3), **names)
    assert made["MyWorkflowOrchestrator"]().logger.name == "guide_block"


@block(4, 5)
@pytest.mark.asyncio
async def test_domain_pattern_and_its_caller(
    core: Any, names: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = []

    async def send(text: Any) -> None:
        sent.append(text)

    made = await run(source(4))

    kind: Any = made["MyWorkflowOrchestrator"]

    class Workflow(kind):  # type: ignore[misc]
        async def _analyze(self, url: Any, depth: Any) -> str:
            return f"{url} at {depth}"

    core.get_orchestration_facade().register(Workflow())
    interaction = types.SimpleNamespace(id=7, channel=types.SimpleNamespace(id=8), send=send)
    after = source(5).partition("# After")[2]
    ran = await run(after, interaction=interaction, url="u")

    assert ran["result"].data == {"result": {"analysis": "u at deep", "url": "u", "depth": "deep"}}
    assert sent == ["Analysis: u at deep"]
    await core.get_orchestration_facade().aclose()


@block(6, 25)
@pytest.mark.asyncio
async def test_logging_helpers_take_parameters_of_every_name(
    core: Any, names: Any, context: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    shown = (await run(method_of(source(25)), **names))["Shown"]()
    clashing = {
        "depth": 1,
        "event": 2,
        "level": 3,
        "tenant_id": 4,
        "layer": 5,
        "orchestrator": 6,
        "success": 7,
    }
    result = await shown.orchestrate(context, **clashing)
    await run(source(6), self=shown, context=context, kwargs=clashing)

    assert result.success
    assert "orchestration_started" in caplog.text


@block(8)
@pytest.mark.asyncio
async def test_infrastructure_pattern(core: Any, context: Any) -> None:
    imported = ("import asyncio\n", f"import asyncio\nfrom {STEP_RESULT} import ErrorCategory\n")
    written = (await run(source(8)))["MyMonitoringOrchestrator"]
    corrected: Any = (await run(source(8, imported)))["MyMonitoringOrchestrator"]

    class Healthy(corrected):  # type: ignore[misc]
        async def _check_health(self) -> None:
            self._health_data["ok"] = True

    async def double(value: Any) -> Any:
        return value * 2

    with pytest.raises(NameError):
        await written.__dict__["orchestrate"](prepared(written), context, operation="nothing")
    monitoring = Healthy()
    facade = core.get_orchestration_facade()
    facade.register(monitoring)
    async with assert_no_leaked_tasks():
        result = await facade.orchestrate("my_monitoring", context, func=double, args=(21,))
        assert result.data == {"result": {"value": 42}}
        await asyncio.sleep(0)
        health = await facade.orchestrate("my_monitoring", context, operation="get_health")
        assert health.data == {"result": {"ok": True}}
        unknown = await facade.orchestrate("my_monitoring", context, operation="nothing")
        assert (unknown.success, unknown.error_category.name) == (False, "VALIDATION")
        await facade.aclose()


def prepared(kind: Any) -> Any:
    """An instance whose monitoring counts as started, so that only the routing runs."""
    made = kind()
    made._monitoring_started = True
    return made


@block(10, 11, 20, 34)
@pytest.mark.asyncio
async def test_loops_end_and_cleanups_are_bounded(
    core: Any, names: Any, context: Any, fake_clock: FakeClock
) -> None:
    endless = method_of(source(10) + source(11), base="object", init="pass")
    loop = (await run(endless, **names))["Shown"]()
    loop._work = lambda: asyncio.sleep(3600)
    loop._task = asyncio.create_task(loop._background_loop())
    cleanup = asyncio.create_task(loop.cleanup())
    await fake_clock.advance(600)
    assert not cleanup.done()
    loop._task.cancel()
    await asyncio.gather(cleanup, return_exceptions=True)

    polite = (await run(method_of(source(34), base="object"), **names))["Shown"]()
    polite._task = asyncio.create_task(polite._background_loop())
    await asyncio.sleep(0)
    await polite.cleanup()
    await asyncio.wait_for(polite._task, 5)

    bounded = (await run(method_of(source(20), base="object", init="pass"), **names))["Shown"]()
    bounded._shutdown_event = asyncio.Event()
    bounded._task = asyncio.create_task(bounded._shutdown_event.wait())
    await bounded.cleanup()
    assert bounded._task.done()

    class Own(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.INFRASTRUCTURE, "own")

        @background
        async def _background_loop(self) -> None:
            while True:
                await asyncio.sleep(3600)

        @operation
        async def work(self) -> int:
            return 1

    async with assert_no_leaked_tasks():
        own = Own()
        await own.work()
        await asyncio.sleep(0)
        await own.cleanup()


@block(12)
@pytest.mark.asyncio
async def test_the_legacy_class_of_the_application_pattern_is_a_fragment(names: Any) -> None:
    made = await run(source(12), **names)
    with pytest.raises(ModuleNotFoundError):
        made["MyCoordinationOrchestrator"]()


@block(15, 24)
@pytest.mark.asyncio
async def test_dependencies_are_loaded_when_they_are_used(
    core: Any, names: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    eager = (await run(method_of(source(15), base="object")))["Shown"]
    with pytest.raises(ModuleNotFoundError):
        eager()
    given = ("super().__init__(...)", 'super().__init__(OrchestrationLayer.APPLICATION, "shown")')
    marked = "\n@operation\ndef work(self):\n    return self.router\n"
    shown = (await run(method_of(source(24, given) + marked), **names))["Shown"]
    router: Any = types.ModuleType("my_app.router")
    router.get_router = lambda: "router"
    monkeypatch.setitem(sys.modules, "my_app", types.ModuleType("my_app"))
    monkeypatch.setitem(sys.modules, "my_app.router", router)

    class Declared(BaseOrchestrator):
        router = lazy("my_app.router:get_router")

        def __init__(self, router: Any = None) -> None:
            super().__init__(core.OrchestrationLayer.APPLICATION, "declared")
            self.router = router

        @operation
        def work(self) -> Any:
            return self.router

    assert shown().router == Declared().router == "router"
    assert shown(router="mine").router == Declared(router="mine").router == "mine"


@block(16, 17)
@pytest.mark.asyncio
async def test_several_operations_are_routed_by_one_orchestrate(core: Any, context: Any) -> None:
    with pytest.raises(SyntaxError):
        compile(source(16), "<guide>", "exec")
    assert not ast.parse(source(17)).body

    class Several(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.DOMAIN, "several")

        @operation
        async def submit_signal(self, component: Any = "a", data: Any = None) -> Any:
            return component

        @operation
        async def get_metrics(self) -> Any:
            return {}

    facade = core.get_orchestration_facade()
    facade.register(Several())
    result = await facade.orchestrate("several", context, operation="submit_signal", component="b")
    assert result.data == {"result": "b"}
    await facade.aclose()


@block(21)
@pytest.mark.asyncio
async def test_a_legacy_wrapper_calls_orchestrate(names: Any) -> None:
    text = source(21, ("    ...\n", "    return (context, kwargs)\n"))
    context, given = await (await run(method_of(text), **names))["Shown"]().execute_workflow(
        "u", depth="deep"
    )

    assert (context.tenant_id, given["operation"], given["depth"]) == ("legacy", "execute_workflow", "deep")


@block(22)
@pytest.mark.asyncio
async def test_a_singleton_accessor(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = types.ModuleType("my_module")
    exec(source(22).partition("# Old code")[0], module.__dict__)
    module._global_instance = "the one"
    monkeypatch.setitem(sys.modules, "my_module", module)

    assert (await run(source(22)))["orch"] == "the one"


@block(23)
@pytest.mark.asyncio
async def test_the_routing_ladder_and_what_is_inherited_agree(core: Any, names: Any, context: Any) -> None:
    steps = "".join(
        f"    async def _{name}(self, context, **kwargs):\n        return StepResult.ok(result='{name}')\n"
        for name in ("execute", "get_status", "start")
    )
    ladder = (await run(method_of(source(23)) + steps, **names))["Shown"]()

    class Inherited(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.DOMAIN, "inherited")

        @operation
        async def execute(self) -> str:
            return "execute"

        @operation
        async def get_status(self) -> str:
            return "get_status"

        @operation
        async def start(self) -> str:
            return "start"

    facade = core.get_orchestration_facade()
    facade.register(ladder)
    facade.register(Inherited())
    for name in ("execute", "get_status", "start"):
        one, other = [
            await facade.orchestrate(which, context, operation=name) for which in ("shown", "inherited")
        ]
        assert one.data == other.data == {"result": name}
    one, other = [
        await facade.orchestrate(which, context, operation="no") for which in ("shown", "inherited")
    ]
    assert one.error == "Unknown operation: no"
    assert other.error.startswith(one.error)
    assert one.error_category.name == other.error_category.name == "VALIDATION"
    await facade.aclose()


@block(26)
@pytest.mark.asyncio
async def test_the_five_steps(core: Any, capsys: pytest.CaptureFixture[str]) -> None:
    facade = core.get_orchestration_facade()
    names = {"get_orchestration_facade": core.get_orchestration_facade}
    await run(source(26), **names, OrchestrationContext=core.OrchestrationContext)

    assert capsys.readouterr().out.count("✅") == 5
    await facade.aclose()


@block(27, 29)
@pytest.mark.parametrize(("number", "name"), [(27, "BaseOrchestrator"), (29, "OrchestrationFacade")])
def test_signatures_accept_what_the_guide_shows(core: Any, number: Any, name: Any) -> None:
    shown = next(node for node in ast.parse(BLOCKS[number - 1]).body if isinstance(node, ast.ClassDef))
    ours = getattr(core, name)
    for method in shown.body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        found = inspect.getattr_static(ours, method.name)
        if isinstance(found, property):
            continue
        assert inspect.iscoroutinefunction(found) == isinstance(method, ast.AsyncFunctionDef), method.name
        given = [argument.arg for argument in method.args.args]
        inspect.signature(found).bind(*given)
    if name == "OrchestrationFacade":
        assert callable(core.get_orchestration_facade)


@block(28)
def test_the_context_has_the_guides_fields_first(core: Any) -> None:
    shown = ast.parse(source(28)).body[0]
    wanted = [ast.unparse(node.target) for node in ast.walk(shown) if isinstance(node, ast.AnnAssign)]

    assert [field.name for field in fields(core.OrchestrationContext)][: len(wanted)] == wanted
    child = core.OrchestrationContext("t", "r", {}).create_child_context("parent")
    assert (child.orchestration_depth, child.parent_orchestrator) == (1, "parent")


@block(30, 32)
@pytest.mark.asyncio
async def test_enums_and_a_type_of_ones_own(core: Any) -> None:
    shown = await run(source(30), Enum=Enum)
    for name in ("OrchestrationLayer", "OrchestrationType"):
        wanted = {member.name: member.value for member in shown[name]}
        assert {member.name: member.value for member in getattr(core, name)} == wanted

    with pytest.raises(TypeError):
        Enum("More", {"YOUR_NEW_TYPE": "x"}, type=core.OrchestrationType)
    own = (await run(source(32), Enum=Enum))["OrchestrationType"]
    made = type("Own", (core.BaseOrchestrator,), {"work": operation(lambda self: 1)})
    instance: Any = object.__new__(made)
    core.BaseOrchestrator.__init__(instance, core.OrchestrationLayer.DOMAIN, "own", own.YOUR_NEW_TYPE)
    facade = orchestra.OrchestrationFacade()
    facade.register(instance)
    assert facade.list_orchestrators()["own"]["type"] == "your_new_type"


@block(33)
@pytest.mark.asyncio
async def test_registration_before_use(core: Any, context: Any) -> None:
    made = await run(source(1))
    with pytest.raises(ValueError, match="Orchestrator 'my_orchestrator' not found in facade"):
        await core.get_orchestration_facade().orchestrate("my_orchestrator", context)
    await run(source(33), context=context, get_orchestration_facade=core.get_orchestration_facade, **made)
    await core.get_orchestration_facade().aclose()


@block(35, 36, 37, 38)
@pytest.mark.asyncio
@pytest.mark.parametrize("number", [35, 36, 37, 38])
async def test_imports(core: Any, number: Any) -> None:
    await run(source(number))


def test_an_unknown_type_is_an_attribute_error_that_names_it(core: Any) -> None:
    with pytest.raises(AttributeError, match="XXX"):
        core.OrchestrationType.XXX  # noqa: B018
