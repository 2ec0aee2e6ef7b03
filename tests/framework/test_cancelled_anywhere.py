"""A cancellation at every place where anything waits: it gets through, and nothing is left behind."""

from __future__ import annotations

import asyncio
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import pytest

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    background,
    operation,
)
from orchestra.calls import CURRENT
from orchestra.deadlines import pending_deadlines
from orchestra.testing import FakeClock, assert_no_leaked_tasks, verify_lifecycle

CONTEXT = OrchestrationContext("tenant", "request", {})
Moment = Literal["while it waits", "in the turn in which the waiting ends"]


@types.coroutine
def cancelled_at(
    awaitable: Awaitable[Any], place: int, moment: Moment, hit: list[int]
) -> Generator[Any, Any, Any]:
    """Await, and cancel the task at the suspension number ``place``, counted from 1; note it in ``hit``.

    A task is cancelled while it waits, or when what it waits for is there already and its own turn has not
    come: then the cancellation meets a value that would otherwise be handed over.
    """
    inner: Any = awaitable.__await__()
    step: Callable[[Any], Any] = inner.send
    given: Any = None
    count = 0
    while True:
        try:
            waited_for = step(given)
        except StopIteration as stop:
            return stop.value
        count += 1
        task = asyncio.current_task()
        assert task is not None
        if count == place:
            hit.append(count)
            if waited_for is None or moment == "while it waits":
                asyncio.get_running_loop().call_soon(task.cancel)
            else:
                waited_for.add_done_callback(partial(_cancel, task))
        try:
            step, given = inner.send, (yield waited_for)
        except BaseException as error:
            step, given = inner.throw, error


def _cancel(task: asyncio.Task[Any], _: object) -> None:
    task.cancel()


class Inner(BaseOrchestrator):
    """Waits in every place that an orchestrator may have."""

    def __init__(self, name: str = "inner") -> None:
        super().__init__(OrchestrationLayer.DOMAIN, name)
        self.open = 0
        self.attempts = 0

    async def can_orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> bool:
        await asyncio.sleep(0)
        return True

    @background(interval=60)
    async def tick(self) -> None:
        await asyncio.sleep(0)

    @operation
    async def work(self) -> str:
        self.open += 1
        try:
            await asyncio.sleep(0)
            await asyncio.create_task(asyncio.sleep(0))
            return "worked"
        finally:
            self.open -= 1
            await asyncio.sleep(0)

    @operation(retry=3, timeout=50)
    async def stubborn(self) -> str:
        self.attempts += 1
        await asyncio.sleep(0)
        if self.attempts % 3:
            raise ConnectionError
        return "at last"

    @operation
    async def items(self) -> AsyncIterator[int]:
        self.open += 1
        try:
            for number in range(3):
                await asyncio.sleep(0)
                yield number
        finally:
            self.open -= 1
            await asyncio.sleep(0)

    async def cleanup(self) -> None:
        await asyncio.sleep(0)
        await asyncio.create_task(asyncio.sleep(0))


class Outer(BaseOrchestrator):
    """Calls another in each way."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.APPLICATION, "outer")

    @operation
    async def work(self) -> list[Any]:
        facade = self.runtime.facade
        called = [await facade.call("inner", "work"), (await facade.orchestrate("built")).unwrap()]
        async with facade.stream("inner", "items") as items:
            called.extend([item async for item in items])
        return called


@dataclass
class Scene:
    """A facade with everything in it, and a way to see what is left in it."""

    facade: OrchestrationFacade = field(
        default_factory=lambda: OrchestrationFacade(tenant_limit=2, cleanup_timeout=5)
    )
    inner: Inner = field(default_factory=Inner)

    def __post_init__(self) -> None:
        self.facade.register(Outer())
        self.facade.register(self.inner)
        self.facade.register_factory("built", self._build)

    async def _build(self) -> Built:
        await asyncio.sleep(0)
        return Built()

    async def occupied(self, run: Callable[[], Awaitable[Any]]) -> Any:
        """Run while others of the tenant hold its places for some turns."""

        async def hold() -> None:
            await self.facade.call("inner", "work", CONTEXT)

        holders = [asyncio.create_task(hold()) for _ in range(3)]
        await asyncio.sleep(0)
        try:
            return await run()
        finally:
            for holder in holders:
                if not holder.done():
                    holder.cancel()

    def is_idle(self) -> bool:
        """Whether no call, no place of a tenant and no deadline is left."""
        metrics = self.facade.metrics()
        return (
            all(one["in_flight"] == 0 for one in metrics["orchestrators"].values())
            and metrics["tenants"] == {}
            and self.inner.open == 0
            and pending_deadlines(asyncio.get_running_loop()) == 0
            and CURRENT.get() is None
        )


class Built(BaseOrchestrator):
    """Comes from a factory, and cleans up after every call."""

    cleanup_policy = "per_call"

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "built")

    @operation
    async def work(self) -> str:
        await asyncio.sleep(0)
        return "built"

    async def cleanup(self) -> None:
        await asyncio.sleep(0)


class Sleeper(BaseOrchestrator):
    """Its task ends only when it is cancelled, and only the framework cleans up."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "sleeper")

    @background
    async def sleep(self) -> None:
        await asyncio.sleep(3600)

    @operation
    async def work(self) -> None:
        await asyncio.sleep(0)


async def streamed(scene: Scene) -> None:
    async for _ in scene.facade.stream("inner", "items", CONTEXT.with_timeout(60)):
        await asyncio.sleep(0)


async def opened_and_closed(scene: Scene) -> None:
    async with scene.facade:
        await asyncio.sleep(0)


async def stopped(scene: Scene) -> None:
    await scene.inner.orchestrate(CONTEXT, operation="start")
    await scene.inner.orchestrate(CONTEXT, operation="stop")


async def removed(scene: Scene) -> None:
    scene.facade.register(Sleeper())
    await scene.facade.call("sleeper", "work", CONTEXT)
    await scene.facade.remove("sleeper")


async def used_then_closed(scene: Scene) -> None:
    await scene.facade.orchestrate("outer", CONTEXT)
    await scene.facade.aclose()


WAYS: dict[str, Callable[[Scene], Awaitable[Any]]] = {
    "orchestrate": lambda scene: scene.facade.orchestrate("outer", CONTEXT),
    "orchestrate, with a deadline": lambda scene: scene.facade.orchestrate("outer", CONTEXT.with_timeout(60)),
    "call": lambda scene: scene.facade.call("outer", "work", CONTEXT),
    "call, with a deadline": lambda scene: scene.facade.call("outer", "work", CONTEXT.with_timeout(60)),
    "directly": lambda scene: scene.inner.orchestrate(CONTEXT.with_timeout(60), operation="work"),
    "retried": lambda scene: scene.facade.orchestrate("inner", CONTEXT, operation="stubborn"),
    "streamed": streamed,
    "waiting for a place": lambda scene: scene.occupied(
        lambda: scene.facade.orchestrate("outer", CONTEXT.with_timeout(60))
    ),
    "streamed, waiting for a place": lambda scene: scene.occupied(lambda: streamed(scene)),
    "started": lambda scene: scene.facade.start(),
    "opened and closed": opened_and_closed,
    "started and stopped": stopped,
    "removed": removed,
    "used, then closed": used_then_closed,
    "cleaned up": lambda scene: scene.inner.cleanup(),
    "verified": lambda scene: verify_lifecycle(Inner("verified"), operation="work"),
}


@pytest.fixture(autouse=True)
def _quick_retries() -> Any:
    import stamina

    with stamina.set_testing(True, attempts=3):
        yield


@pytest.mark.asyncio
@pytest.mark.parametrize("moment", ["while it waits", "in the turn in which the waiting ends"])
@pytest.mark.parametrize("way", WAYS)
async def test_wherever_a_call_waits_its_cancellation_gets_through_and_nothing_is_left(
    way: str, moment: Moment
) -> None:
    places = 0
    hit: list[int] = []
    problems: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, found: problems.append(found))
    while places == len(hit):
        places += 1
        scene = Scene()
        where = f"{way}, cancelled at place {places}, {moment}"
        async with assert_no_leaked_tasks():
            task = asyncio.create_task(_run(cancelled_at(WAYS[way](scene), places, moment, hit)))
            await asyncio.wait([task])
            assert task.cancelled() == (places == len(hit)), where
            for _ in range(20):
                await asyncio.sleep(0)
            assert scene.is_idle(), (where, scene.facade.metrics())
            if not scene.facade.is_closed:
                again = await scene.facade.orchestrate("outer", CONTEXT)
                assert again.unwrap() == ["worked", "built", 0, 1, 2], where
            report = await scene.facade.aclose()
            assert report.is_clean, (where, report)
    assert hit, way
    assert problems == []


async def _run(awaitable: Any) -> Any:
    return await awaitable


@pytest.mark.asyncio
async def test_a_factory_that_is_cancelled_is_run_again_by_who_waits_for_it() -> None:
    facade, built = OrchestrationFacade(), 0
    gate = asyncio.Event()

    async def build() -> Built:
        nonlocal built
        built += 1
        await gate.wait()
        return Built()

    facade.register_factory("built", build)
    first, second = (asyncio.create_task(facade.call("built", "work", CONTEXT)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    gate.set()

    assert await second == "built"
    assert (first.cancelled(), built) == (True, 2)
    await facade.aclose()


@pytest.mark.asyncio
async def test_waiting_for_a_stop_may_be_cancelled_at_any_time(fake_clock: FakeClock) -> None:
    inner = Inner()
    waiting = asyncio.create_task(inner.runtime.wait_stopped(60))
    await fake_clock.advance(1)
    waiting.cancel()
    await asyncio.wait([waiting])

    assert waiting.cancelled()
    assert not inner.runtime.stop_signal._waiters
