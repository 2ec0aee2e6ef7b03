"""Every Python block of the usage guide, in a project made by ``orchestra init``, with two result classes.

``TABLE`` says of each block what it is; a test beside it runs it. Blocks that the errata correct are shown
to fail as written and to work as corrected.
"""

from __future__ import annotations

import ast
import asyncio
import gc
import importlib
import inspect
import logging
import re
import shutil
import subprocess
import sys
import types
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import pytest

import orchestra
from orchestra import BaseOrchestrator, background, lazy, operation
from orchestra.testing import FakeClock, assert_no_leaked_tasks

ASSETS = Path(__file__).parents[1] / "assets"
GUIDE = (ASSETS / "usage_guide.md").read_text()
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
STEP_RESULT = "ultimate_discord_intelligence_bot.step_result"

RUNS, CORRECTED, FRAGMENT, SIGNATURE = "runs", "runs corrected", "fragment", "signature"
TABLE = {
    1: (RUNS, "the first orchestrator"),
    2: (RUNS, "register and use, after block 1"),
    3: (FRAGMENT, "a legacy class without its imports"),
    4: (RUNS, "the domain pattern; _analyze comes from the reader"),
    5: (FRAGMENT, "a caller before and after; interaction and url come from the reader"),
    6: (FRAGMENT, "the call whose parameters must not collide"),
    7: (CORRECTED, "a legacy class that cannot be built without a loop and cannot be stopped"),
    8: (CORRECTED, "the infrastructure pattern uses ErrorCategory without importing it"),
    9: (CORRECTED, "a task started in __init__"),
    10: (CORRECTED, "a loop that never ends"),
    11: (CORRECTED, "a clean-up that may hang"),
    12: (FRAGMENT, "a legacy class without its imports and dependencies"),
    13: (CORRECTED, "the application pattern: ErrorCategory, KeyError, no second start, a dropped task"),
    14: (CORRECTED, "callers of methods that the migrated class of block 13 does not have"),
    15: (CORRECTED, "an eager dependency"),
    16: (CORRECTED, "does not parse; several operations instead of one"),
    17: (FRAGMENT, "comments only"),
    18: (CORRECTED, "super().__init__(...) and a coroutine that is never awaited"),
    19: (CORRECTED, "super().__init__(...)"),
    20: (FRAGMENT, "a bounded cleanup()"),
    21: (FRAGMENT, "a legacy wrapper around orchestrate()"),
    22: (FRAGMENT, "a singleton accessor"),
    23: (FRAGMENT, "the routing ladder"),
    24: (FRAGMENT, "a lazy property"),
    25: (FRAGMENT, "logging in orchestrate()"),
    26: (RUNS, "the five tests, with block 1 in the domain package"),
    27: (SIGNATURE, "BaseOrchestrator"),
    28: (SIGNATURE, "OrchestrationContext"),
    29: (SIGNATURE, "OrchestrationFacade"),
    30: (SIGNATURE, "the enums"),
    31: (FRAGMENT, "lazy start of a task"),
    32: (CORRECTED, "a type added to an enum that is the project's own"),
    33: (RUNS, "registration before use, after block 1"),
    34: (FRAGMENT, "a loop with a shutdown event"),
    35: (RUNS, "an import"),
    36: (RUNS, "an import"),
    37: (RUNS, "an import"),
    38: (RUNS, "the common imports"),
    39: (CORRECTED, "does not parse: {layer} stands for a name, params for a mapping"),
}
TESTED: set[int] = set()
Test = TypeVar("Test", bound=Callable[..., Any])


def block(*numbers: int) -> Callable[[Test], Test]:
    """Say which blocks a test runs."""
    TESTED.update(numbers)
    return lambda function: function


def source(number: int, *edits: tuple[str, str]) -> str:
    text = str(BLOCKS[number - 1])
    for old, new in edits:
        assert old in text, f"block {number} has no {old!r}"
        text = text.replace(old, new)
    return text


async def run(text: str, **names: Any) -> dict[str, Any]:
    """Run a block, with ``await`` at its top level allowed, and return its names."""
    namespace = {"__name__": "guide_block", **names}
    code = compile(text, "<guide>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    made = eval(code, namespace)
    if inspect.isawaitable(made):
        await made
    return namespace


def method_of(text: str, *, base: str = "BaseOrchestrator", init: str | None = None) -> str:
    """Put methods that the guide shows alone into a class."""
    body = "".join(f"    {line}\n" for line in text.splitlines())
    given = init or 'super().__init__(OrchestrationLayer.DOMAIN, "shown")'
    constructor = "" if "def __init__" in text else f"    def __init__(self):\n        {given}\n"
    return f"class Shown({base}):\n{constructor}{body}"


@pytest.fixture(scope="module", params=["their StepResult", "our StepResult"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A project made by ``orchestra init``, its source root on the path."""
    root = tmp_path_factory.mktemp("project")
    (root / "pyproject.toml").write_text('[project]\nname = "bot"\nversion = "0"\n')
    if request.param == "their StepResult":
        package = root / "src" / "ultimate_discord_intelligence_bot"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        shutil.copy(ASSETS / "user_step_result.py", package / "step_result.py")
    command = [
        "init",
        "--package",
        "core.orchestration",
        "--step-result",
        STEP_RESULT,
        "--source-root",
        "src",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "orchestra_cli", *command],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    domain = root / "src" / "core" / "orchestration" / "domain"
    (domain / "my_orchestrator.py").write_text(source(1))
    layer = domain / "__init__.py"
    entry = r'\1"MyOrchestrator": ".my_orchestrator",'
    exports = re.sub(r"(_EXPORTS[^=\n]*= \{)", entry, layer.read_text())
    assert "MyOrchestrator" in exports
    layer.write_text(exports)
    return root


@pytest.fixture
def core(project: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The project's ``core.orchestration``, imported afresh; the facade that it builds is the global one."""
    monkeypatch.syspath_prepend(project / "src")
    yield importlib.import_module("core.orchestration")
    for name in list(sys.modules):
        if name.partition(".")[0] in ("core", "ultimate_discord_intelligence_bot", "my_app"):
            del sys.modules[name]


@pytest.fixture
def results(core: Any) -> Any:
    return importlib.import_module(STEP_RESULT)


@pytest.fixture
def names(core: Any, results: Any) -> Any:
    """What the guide's fragments take for granted."""
    return {
        **{name: getattr(core, name) for name in core.__all__},
        "StepResult": results.StepResult,
        "ErrorCategory": results.ErrorCategory,
        "asyncio": asyncio,
        "uuid": uuid,
        "logging": logging,
        "Any": Any,
    }


@pytest.fixture
def context(core: Any) -> Any:
    return core.OrchestrationContext(tenant_id="test", request_id="test-1", metadata={})


def test_the_table_covers_every_block_and_every_entry_has_its_test() -> None:
    assert len(BLOCKS) == 39
    assert list(TABLE) == list(range(1, 40))
    assert set(TABLE) == TESTED


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


@block(7, 9)
def test_starting_tasks_in_init_fails_without_a_loop_and_background_does_not(core: Any, names: Any) -> None:
    legacy = asyncio.run(run(source(7), asyncio=asyncio))["MyMonitoringOrchestrator"]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError, match="no running event loop"):
            legacy()
        gc.collect()
    assert "never awaited" in str(warned[0].message)

    class Monitoring(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(core.OrchestrationLayer.INFRASTRUCTURE, "monitoring", start="eager")
            self.checks = 0

        @background(interval=60)
        async def check_health(self) -> None:
            self.checks += 1

        @operation
        async def health(self) -> Any:
            return self.checks

    monitoring = Monitoring()

    async def use() -> None:
        await monitoring.health()
        await asyncio.sleep(0)
        assert await monitoring.health() == 1
        async with assert_no_leaked_tasks():
            await monitoring.cleanup()

    asyncio.run(use())


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


@block(13, 14)
@pytest.mark.asyncio
async def test_application_pattern_and_its_callers(
    core: Any, names: Any, context: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = await run(source(13))
    kind = written["MyCoordinationOrchestrator"]
    as_written = kind()
    with pytest.raises(KeyError):
        await as_written.orchestrate(context, operation="submit_signal", component="unknown", data=1)
    with pytest.raises(NameError):
        await as_written.orchestrate(context, operation="nothing")
    with pytest.raises(AttributeError):
        as_written.start()
    as_written._shutdown_event.set()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    class Migrated(BaseOrchestrator):
        """Block 13 as the product migrates it: every public method stays, routing is inherited."""

        def __init__(self) -> None:
            super().__init__(
                core.OrchestrationLayer.APPLICATION, "my_coordination", core.OrchestrationType.COORDINATION
            )
            self._queues: dict[str, list[Any]] = {"a": [], "b": []}
            self.processed: list[Any] = []

        @operation
        def start(self) -> None:
            self.runtime.start()

        @operation
        def submit_signal(self, component: Any, data: Any) -> None:
            self._queues[component].append(data)

        @operation
        def get_metrics(self) -> Any:
            return {"signals": len(self._queues["a"]) + len(self._queues["b"])}

        @background(restart="never", start="manual")
        async def _processing_loop(self) -> None:
            while not await self.runtime.wait_stopped(1):
                self.processed.append(self._queues)

    migrated = Migrated()
    accessor: Any = types.ModuleType("my_app.my_coordination")
    accessor.get_orchestrator = lambda auto_create=False: migrated
    layer = importlib.import_module("core.orchestration.application")
    monkeypatch.setitem(sys.modules, "my_app", types.ModuleType("my_app"))
    monkeypatch.setitem(sys.modules, "my_app.my_coordination", accessor)
    monkeypatch.setattr(layer, "get_orchestrator", accessor.get_orchestrator, raising=False)
    core.get_orchestration_facade().register(migrated)
    ran = await run(source(14))

    assert ran["metrics"] == {"result": {"signals": 3}}
    assert await ran["facade"].call("my_coordination", "get_metrics", context) == {"signals": 3}
    unknown = await ran["facade"].orchestrate(
        "my_coordination", context, operation="submit_signal", component="unknown", data=1
    )
    assert unknown.error_category.name == "NOT_FOUND"
    async with assert_no_leaked_tasks():
        await migrated.cleanup()
        migrated.start()
        assert migrated.runtime.tasks
        await ran["facade"].aclose()


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


@block(18, 19)
@pytest.mark.asyncio
async def test_best_practices_of_background_tasks(core: Any, names: Any, context: Any) -> None:
    for number in (18, 19):
        made = (await run(source(number), **names))["MyOrchestrator"]
        with pytest.raises(TypeError):
            made()
    given = ("super().__init__(...)", 'super().__init__(OrchestrationLayer.DOMAIN, "shown")')
    loop = "    async def _background_loop(self):\n        await asyncio.Event().wait()\n"
    lazily = (await run(source(18, given) + loop, **names))["MyOrchestrator"]()
    await lazily.orchestrate(context)
    assert lazily._task_started
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    own = "    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok()\n"
    graceful = (await run(source(19, given) + own, **names))["MyOrchestrator"]()
    task = asyncio.create_task(graceful._background_loop())
    await asyncio.sleep(0)
    await graceful.cleanup()
    await asyncio.wait_for(task, 5)


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


@block(31)
@pytest.mark.asyncio
async def test_lazy_start_from_the_troubleshooting_section(names: Any, context: Any) -> None:
    given = ("super().__init__(...)", 'super().__init__(OrchestrationLayer.DOMAIN, "shown")')
    loop = "async def _background_loop(self):\n    await asyncio.Event().wait()\n"
    shown = (await run(method_of(source(31, given) + loop), **names))["Shown"]()
    await shown.orchestrate(context)

    assert shown._task_started
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


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


@block(39)
@pytest.mark.asyncio
async def test_the_testing_template(core: Any) -> None:
    with pytest.raises(SyntaxError):
        compile(source(39), "<guide>", "exec")
    ran = await run(
        source(39, ("{layer}", "domain")),
        params={"x": 1},
        get_orchestration_facade=core.get_orchestration_facade,
        OrchestrationContext=core.OrchestrationContext,
    )
    assert ran["result"].success
    await core.get_orchestration_facade().aclose()


def test_an_unknown_type_is_an_attribute_error_that_names_it(core: Any) -> None:
    with pytest.raises(AttributeError, match="XXX"):
        core.OrchestrationType.XXX  # noqa: B018
