"""Synchronous callers, streams, retries, discovery, and the extras."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina

from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    StepResult,
    background,
    operation,
)
from orchestra.discovery import ENTRY_POINTS, build_facade, discover, discover_entry_points
from orchestra.errors import MissingExtraError, OperationNotFoundError, SyncCallError, WiringError
from orchestra.testing import FakeClock, assert_no_leaked_tasks, verify_lifecycle

CONTEXT = OrchestrationContext("tenant", "request", {})


class Source(BaseOrchestrator):
    def __init__(self, name: Any = "source") -> None:
        super().__init__(OrchestrationLayer.DOMAIN, name)
        self.events: list[str] = []
        self.failures = 0

    @operation
    async def numbers(self, count: Any) -> AsyncIterator[Any]:
        try:
            for number in range(count):
                yield number, OrchestrationContext.current()
        finally:
            self.events.append("closed")

    @operation
    async def endless(self) -> AsyncIterator[int]:
        await asyncio.Event().wait()
        yield 1

    @operation(safe_to_verify=True)
    async def where(self) -> Any:
        return threading.current_thread().name, OrchestrationContext.current()

    @operation(retry=3)
    async def flaky(self, fail_times: Any, error: Any = ConnectionError) -> Any:
        self.failures += 1
        if self.failures <= fail_times:
            raise error("no")
        return self.failures

    @operation(retry=3)
    async def flaky_result(self, fail_times: Any) -> Any:
        self.failures += 1
        if self.failures <= fail_times:
            return StepResult.fail("no", ErrorCategory.NETWORK)
        return StepResult.ok(tries=self.failures)

    @background(interval=60)
    async def tick(self) -> None:
        self.events.append("tick")


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def facade(source: Source) -> OrchestrationFacade:
    facade = OrchestrationFacade()
    facade.register(source)
    return facade


@pytest.mark.asyncio
async def test_a_stream_yields_with_its_context_and_leaves_none_to_the_reader(
    facade: OrchestrationFacade, source: Source
) -> None:
    seen = []
    async for number, context in facade.stream("source", "numbers", CONTEXT, count=3):
        seen.append(number)
        assert context is CONTEXT
        assert OrchestrationContext.current() is None

    assert seen == [0, 1, 2]
    assert source.events[-1] == "closed"
    counters = facade.metrics()["orchestrators"]["source"]
    assert (counters["calls"], counters["in_flight"]) == (1, 0)
    await facade.aclose()


@pytest.mark.asyncio
async def test_leaving_a_stream_early_closes_its_generator(
    facade: OrchestrationFacade, source: Source
) -> None:
    async with facade.stream("source", "numbers", CONTEXT, 10) as items:
        async for _ in items:
            break
    assert source.events[-1] == "closed"
    await facade.aclose()


@pytest.mark.asyncio
async def test_the_facade_closes_streams_that_are_still_open(
    facade: OrchestrationFacade, source: Source
) -> None:
    stream = facade.stream("source", "numbers", CONTEXT, 10)
    await anext(stream)
    await facade.aclose()

    assert source.events[-1] == "closed"
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


@pytest.mark.asyncio
async def test_a_stream_is_cancelled_and_has_a_deadline(
    facade: OrchestrationFacade, fake_clock: FakeClock
) -> None:
    task = asyncio.ensure_future(anext(facade.stream("source", "endless", CONTEXT)))
    await fake_clock.advance(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    task = asyncio.ensure_future(anext(facade.stream("source", "endless", CONTEXT.with_timeout(5))))
    await fake_clock.advance(5)
    with pytest.raises(TimeoutError):
        await task
    await facade.aclose()


@pytest.mark.asyncio
async def test_streams_and_calls_are_not_mistaken_for_each_other(facade: OrchestrationFacade) -> None:
    with pytest.raises(OperationNotFoundError, match="is no stream"):
        await anext(facade.stream("source", "where", CONTEXT))
    result = await facade.orchestrate("source", CONTEXT, operation="numbers", count=1)
    assert "is a stream" in str(result.error)
    await facade.aclose()


def test_a_synchronous_caller_owns_a_private_loop_on_which_tasks_run(
    facade: OrchestrationFacade, source: Source
) -> None:
    name, context = facade.call_sync("source", "where", CONTEXT)
    assert (name, context) == ("orchestra-loop", CONTEXT)
    assert facade.orchestrate_sync("source", CONTEXT, operation="where").success
    assert facade.close().is_clean
    assert source.events == ["tick"]
    assert source.runtime.state == "stopped"


@pytest.mark.asyncio
async def test_another_thread_submits_to_the_loop_of_a_started_facade(source: Source) -> None:
    async with OrchestrationFacade() as facade:
        facade.register(source)
        await facade.call("source", "where", CONTEXT)
        name, _ = await asyncio.to_thread(facade.call_sync, "source", "where", CONTEXT)
        assert name == threading.current_thread().name


@pytest.mark.asyncio
async def test_on_a_loops_own_thread_a_synchronous_call_is_refused(facade: OrchestrationFacade) -> None:
    with pytest.raises(SyncCallError, match="would block the event loop"):
        facade.orchestrate_sync("source", CONTEXT, operation="where")
    with pytest.raises(SyncCallError):
        facade.close()


@pytest.mark.asyncio
async def test_retries_engage_after_a_transient_failure_only(
    facade: OrchestrationFacade, source: Source
) -> None:
    with stamina.set_testing(True, attempts=3):
        assert await facade.call("source", "flaky", CONTEXT, 2) == 3
        source.failures = 0
        with pytest.raises(ConnectionError):
            await facade.call("source", "flaky", CONTEXT, 5)
        assert source.failures == 3
        source.failures = 0
        with pytest.raises(ValueError, match="no"):
            await facade.call("source", "flaky", CONTEXT, 5, ValueError)
        assert source.failures == 1
        source.failures = 0
        assert (await facade.orchestrate("source", CONTEXT, operation="flaky_result", fail_times=1)).data == {
            "tries": 2
        }
        source.failures = 0
        failed = await facade.orchestrate("source", CONTEXT, operation="flaky_result", fail_times=9)
        assert (failed.error_category, source.failures) == (ErrorCategory.NETWORK, 3)
    await facade.aclose()


@pytest.mark.asyncio
async def test_extras_that_are_absent_are_named_by_who_asks(
    facade: OrchestrationFacade, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("stamina", "prometheus_client", "opentelemetry"):
        monkeypatch.setitem(sys.modules, module, None)
    from orchestra.opentelemetry import instrument
    from orchestra.prometheus import OrchestraCollector

    assert await facade.call("source", "flaky", CONTEXT, 0) == 1
    with pytest.raises(MissingExtraError, match=r"orchestra-framework\[retry\]"):
        await facade.call("source", "flaky", CONTEXT, 9)
    with pytest.raises(MissingExtraError, match=r"orchestra-framework\[prometheus\]"):
        OrchestraCollector(facade)
    with pytest.raises(MissingExtraError, match=r"orchestra-framework\[opentelemetry\]"):
        instrument(facade)
    await facade.aclose()


@pytest.mark.asyncio
async def test_prometheus_scrapes_the_counters(facade: OrchestrationFacade) -> None:
    from prometheus_client import CollectorRegistry, generate_latest

    from orchestra.prometheus import OrchestraCollector

    registry = CollectorRegistry()
    registry.register(OrchestraCollector(facade))
    await facade.orchestrate("source", CONTEXT, operation="where")
    await facade.orchestrate("source", CONTEXT, operation="nothing")
    text = generate_latest(registry).decode()

    assert 'orchestra_calls_total{orchestrator="source"} 2.0' in text
    assert 'orchestra_failures_total{category="validation",orchestrator="source"} 1.0' in text
    assert 'orchestra_call_duration_seconds_bucket{le="+Inf",orchestrator="source"} 2.0' in text
    assert 'orchestra_in_flight{orchestrator="source"} 0.0' in text
    await facade.aclose()


@pytest.mark.asyncio
async def test_opentelemetry_gets_nested_spans_without_secrets(facade: OrchestrationFacade) -> None:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from orchestra.opentelemetry import instrument

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrument(facade, provider)
    await facade.orchestrate("source", CONTEXT, operation="where")
    await facade.orchestrate("source", CONTEXT, operation="nothing", password="hunter2")
    with pytest.raises(ZeroDivisionError):
        await facade.call("source", "flaky", CONTEXT, 1, lambda _: ZeroDivisionError("hunter2"))
    spans = exporter.get_finished_spans()
    attributes: Any = [span.attributes for span in spans]

    assert [span.name for span in spans] == ["orchestrate source"] * 3
    assert attributes[0]["orchestra.tenant_id"] == "tenant"
    assert [span.status.is_ok for span in spans] == [True, False, False]
    assert attributes[2]["orchestra.error"] == "ZeroDivisionError"
    assert "hunter2" not in "".join(span.to_json() for span in spans)
    await facade.aclose()


def test_without_a_real_tracer_provider_nothing_is_instrumented(facade: OrchestrationFacade) -> None:
    from orchestra.opentelemetry import instrument

    instrument(facade)
    assert facade.spans is None


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    package = tmp_path / "found_here"
    (package / "domain").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "domain" / "__init__.py").write_text("")
    template = """
from orchestra import BaseOrchestrator, OrchestrationLayer, OrchestrationFacade, operation

class {name}Orchestrator(BaseOrchestrator):
    def __init__(self{argument}):
        super().__init__(OrchestrationLayer.DOMAIN, "{lower}")

    @operation
    def work(self):
        return "{lower}"
"""
    (package / "domain" / "plain.py").write_text(template.format(name="Plain", argument="", lower="plain"))
    (package / "domain" / "needy.py").write_text(template.format(name="Needy", argument=", x", lower="needy"))
    (package / "domain" / "broken.py").write_text("import no_such_module\n")
    (tmp_path / "wired.py").write_text(
        "from orchestra import OrchestrationFacade\n"
        "from found_here.domain.plain import PlainOrchestrator\n"
        "async def build():\n"
        "    facade = OrchestrationFacade()\n"
        "    facade.register(PlainOrchestrator())\n"
        "    return facade\n"
        "def nothing():\n    return 5\n"
    )
    (tmp_path / "factories.py").write_text(
        "from found_here.domain.needy import NeedyOrchestrator\n"
        "def needy():\n    return NeedyOrchestrator(1)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in [
        name for name in sys.modules if name.partition(".")[0] in ("found_here", "wired", "factories")
    ]:
        del sys.modules[name]


def test_discovery_registers_what_it_finds_and_reports_the_rest(project: Any) -> None:
    facade = OrchestrationFacade()
    found = discover(facade, "found_here")

    assert found.registered == ["plain"]
    assert sorted(found.problems) == [
        "found_here.domain.broken",
        "found_here.domain.needy.NeedyOrchestrator",
    ]
    assert "needs arguments" in str(found.problems["found_here.domain.needy.NeedyOrchestrator"])


@pytest.mark.asyncio
async def test_factories_make_what_needs_arguments(project: Any) -> None:
    factories = {"needy": "factories:needy"}
    facade, found = await build_facade(packages=["found_here"], factories=factories, entry_points=False)

    assert sorted(found.registered) == ["needy", "plain"]
    assert list(found.problems) == ["found_here.domain.broken"]
    assert await facade.call("needy", "work") == "needy"


@pytest.mark.asyncio
async def test_the_composition_root_builds_the_facade(project: Any) -> None:
    facade, found = await build_facade("wired:build")

    assert found.registered == ["plain"]
    assert await facade.call("plain", "work") == "plain"


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("root", "text"),
    [
        ("wired", "names nothing to call"),
        ("wired:absent", "cannot be imported"),
        ("absent_module:build", "cannot be imported"),
        ("wired:nothing", "returned int, not an OrchestrationFacade"),
    ],
)
async def test_a_root_that_leads_nowhere_says_so(project: Any, root: Any, text: Any) -> None:
    with pytest.raises(WiringError, match=text):
        await build_facade(root)


@pytest.mark.asyncio
async def test_verify_lifecycle_takes_the_five_steps(project: Any) -> None:
    async with assert_no_leaked_tasks():
        report = await verify_lifecycle(Source)
    assert report.passed, report
    assert [(step.name, step.outcome) for step in report.steps] == [
        ("import", "ok"),
        ("instantiate", "ok"),
        ("register", "ok"),
        ("execute", "ok"),
        ("cleanup", "ok"),
    ]
    plain = await verify_lifecycle("found_here.domain.plain:PlainOrchestrator")
    assert [step.outcome for step in plain.steps] == ["ok", "ok", "ok", "skipped", "ok"]
    assert (await verify_lifecycle("found_here.domain.plain:PlainOrchestrator", operation="work")).passed
    assert not (await verify_lifecycle("found_here.domain.broken:X")).passed


@pytest.mark.asyncio
async def test_verify_lifecycle_reports_what_is_left_behind() -> None:
    class Dropping(Source):
        @operation(safe_to_verify=True)
        async def where(self) -> None:
            self.task = asyncio.create_task(asyncio.Event().wait(), name="dropped")

    dropping = Dropping()
    report = await verify_lifecycle(dropping)

    assert not report.passed
    assert list(report.leaked) == ["dropped"]
    dropping.task.cancel()


def test_entry_points_are_registered_and_a_broken_one_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    class Offered:
        def __init__(self, value: Any, load: Any) -> None:
            self.value, self.load = value, load

    offered = [Offered("a:Source", lambda: Source), Offered("b:gone", lambda: __import__("no_such_module"))]
    monkeypatch.setattr(metadata, "entry_points", lambda group: offered if group == ENTRY_POINTS else [])
    found = discover_entry_points(facade := OrchestrationFacade())

    assert found.registered == ["source"]
    assert list(found.problems) == ["b:gone"]
    assert isinstance(facade.get("source"), Source)
