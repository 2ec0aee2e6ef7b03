"""What a call through the facade costs, against a direct await and beside what others do for a call."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import structlog

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    StepResult,
    operation,
)
from tests.benchmarks.measure import Clock, Row, interleaved

PEER = "a direct await that returns a result object"
CONTEXT = OrchestrationContext("tenant", "request", {})
CALLS = 20_000
TASKS = 1_000
DRAIN_SECONDS = 0.25


class Working(BaseOrchestrator):
    """Does nothing but return a result object, as the guide writes it and as a routed operation."""

    def __init__(self, name: str = "working") -> None:
        super().__init__(OrchestrationLayer.DOMAIN, name)

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> StepResult:
        """Return a result object."""
        return StepResult.ok(value=1)


class Routed(BaseOrchestrator):
    """The same as an operation."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "routed")

    @operation
    async def work(self, value: int) -> StepResult:
        """Return a result object."""
        return StepResult.ok(value=value)

    @operation
    async def lateness(self, seconds: float) -> None:
        """Sleep."""
        await asyncio.sleep(seconds)


class ReferenceFacade:
    """A facade as the guide's reference writes it: logs every call, cleans up after every call."""

    def __init__(self) -> None:
        self.logger = structlog.get_logger()
        self.orchestrators: dict[str, Any] = {}

    async def orchestrate(self, name: str, context: OrchestrationContext, **kwargs: Any) -> Any:
        """Look up, log, await, log, clean up."""
        orchestrator = self.orchestrators[name]
        safe = {key: value for key, value in kwargs.items() if key not in ("depth", "event", "level")}
        self.logger.info(
            "orchestration_started",
            orchestrator=name,
            tenant_id=context.tenant_id,
            request_id=context.request_id,
            **safe,
        )
        try:
            result = await orchestrator.orchestrate(context, **kwargs)
            self.logger.info("orchestration_completed", orchestrator=name, success=result.success)
            return result
        finally:
            await orchestrator.cleanup()


class Plain:
    """An orchestrator without a base, for the reference."""

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> StepResult:
        """Return a result object."""
        return StepResult.ok(value=1)

    async def cleanup(self) -> None:
        """Do nothing."""


def rows() -> Iterator[Row]:
    """Yield the rows of the targets, then the peers, then draining and lateness."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    facade = OrchestrationFacade(tenant_limit=100)
    facade.register(working := Working())
    facade.register(Routed())
    distant = CONTEXT.with_timeout(3600)
    clocks: dict[str, Clock] = {
        PEER: clock(lambda: working.orchestrate(CONTEXT, value=1)),
        "facade.orchestrate": clock(lambda: facade.orchestrate("working", CONTEXT, value=1)),
        "facade.orchestrate, routed to an operation": clock(
            lambda: facade.orchestrate("routed", CONTEXT, operation="work", value=1)
        ),
        "facade.call": clock(lambda: facade.call("routed", "work", CONTEXT, 1)),
        "facade.orchestrate with a preemptive deadline": clock(
            lambda: facade.orchestrate("working", distant, value=1)
        ),
    }
    targets = dict.fromkeys(list(clocks)[1:4], 4.0) | {list(clocks)[4]: 9.0}
    clocks.update(peers())
    medians = interleaved(clocks)
    for what, median in medians.items():
        if what != PEER:
            yield Row(what, targets.get(what), PEER, medians[PEER], median)
    structlog.reset_defaults()
    taken = interleaved({"drained": drain})["drained"]
    yield Row(f"{TASKS} supervised background tasks drained", 1.0, "the target", DRAIN_SECONDS, taken)
    late = interleaved({"late": lateness})["late"]
    yield Row("lateness of a deadline of 20 ms", None, "the deadline", 0.02, 0.02 + late)


def peers() -> dict[str, Clock]:
    """Return what others take for a call; those that are not installed are left out."""
    found: dict[str, Clock] = {}
    reference = ReferenceFacade()
    reference.orchestrators["plain"] = Plain()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found["peer: the guide's reference, log filtered"] = clock(
        lambda: reference.orchestrate("plain", CONTEXT, value=1), calls=5_000
    )
    found["peer: the guide's reference, default log"] = unfiltered(
        clock(lambda: reference.orchestrate("plain", CONTEXT, value=1), calls=300)
    )
    for add in (_blinker, _pluggy, _langgraph):
        try:
            name, one = add()
        except ImportError:
            continue
        found[f"peer: {name}"] = one
    return found


def clock(call: Callable[[], Awaitable[Any]], calls: int = CALLS) -> Clock:
    """Return a clock for the CPU seconds of one awaited call out of many, on one event loop."""

    async def many() -> float:
        started = time.process_time()
        for _ in range(calls):
            await call()
        return (time.process_time() - started) / calls

    return lambda: asyncio.run(many())


def unfiltered(inner: Clock) -> Clock:
    """Run with structlog as it is without configuration, its output thrown away."""

    def run() -> float:
        structlog.reset_defaults()
        try:
            with redirect_stdout(StringIO()):
                return inner()
        finally:
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

    return run


def drain() -> float:
    """Return the seconds that a clean-up of many supervised tasks takes."""

    async def once() -> float:
        orchestrator = Routed()

        async def loop() -> None:
            await orchestrator.runtime.wait_stopped()

        for _ in range(TASKS):
            orchestrator.runtime.spawn(loop)
        await asyncio.sleep(0)
        started = time.perf_counter()
        await orchestrator.cleanup()
        return time.perf_counter() - started

    return asyncio.run(once())


def lateness() -> float:
    """Return by how many seconds a deadline that passes is late."""

    async def once() -> float:
        logging.getLogger("orchestra").setLevel(logging.CRITICAL)
        facade = OrchestrationFacade()
        facade.register(Routed())
        started = time.perf_counter()
        await facade.orchestrate("routed", CONTEXT.with_timeout(0.02), operation="lateness", seconds=5)
        return time.perf_counter() - started - 0.02

    return asyncio.run(once())


def _blinker() -> tuple[str, Clock]:
    from blinker import Signal  # pyright: ignore[reportMissingImports] - of the extra `bench`

    signal = Signal()

    async def receive(_sender: object, **_kwargs: Any) -> StepResult:
        return StepResult.ok(value=1)

    signal.connect(receive, weak=False)
    return "blinker, one async receiver", clock(lambda: signal.send_async(None, value=1))


def _pluggy() -> tuple[str, Clock]:
    import pluggy

    specify, implement = pluggy.HookspecMarker("bench"), pluggy.HookimplMarker("bench")

    class Specification:
        @specify(firstresult=True)
        def work(self, value: int) -> Any: ...

    class Plugin:
        @implement
        def work(self, value: int) -> Any:
            return StepResult.ok(value=value)

    manager = pluggy.PluginManager("bench")
    manager.add_hookspecs(Specification)
    manager.register(Plugin())

    async def call() -> Any:
        return manager.hook.work(value=1)

    return "pluggy, one synchronous plugin", clock(call)


def _langgraph() -> tuple[str, Clock]:
    from langgraph.graph import END, START, StateGraph  # pyright: ignore[reportMissingImports]
    from typing_extensions import TypedDict

    class State(TypedDict):
        value: int

    async def node(_state: State) -> State:
        return {"value": 1}

    graph: Any = StateGraph(State)  # its overloads ask for more than it does
    graph.add_node("work", node)
    graph.add_edge(START, "work")
    graph.add_edge("work", END)
    compiled: Any = graph.compile()
    return "LangGraph, one node", clock(lambda: compiled.ainvoke({"value": 0}), calls=100)
