"""The end of a facade: calls in flight end or are cancelled, everything is bounded, nothing is lost."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from orchestra import (
    BaseOrchestrator,
    DeadlineExceededError,
    FacadeClosedError,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    SyncCallError,
    WiringError,
    WrongParametersError,
    background,
    lazy,
    operation,
)
from orchestra.bounded import CANCEL_SECONDS
from orchestra.testing import FakeClock, assert_no_leaked_tasks

CONTEXT = OrchestrationContext("tenant", "request", {})


class Endless:
    async def aclose(self) -> None:
        await asyncio.Event().wait()


class Broken:
    def close(self) -> None:
        raise ConnectionError("already gone")


class Desk(BaseOrchestrator):
    endless = lazy(Endless)
    broken = lazy(Broken)

    def __init__(self, name: str = "desk") -> None:
        super().__init__(OrchestrationLayer.DOMAIN, name)
        self.gate = asyncio.Event()
        self.log: list[str] = []
        self.let_go = False

    @operation
    async def work(self, then: str | None = None) -> str:
        await self.gate.wait()
        if then is not None:
            await self.runtime.facade.call(self, then)
        self.log.append("worked")
        return "done"

    @operation
    async def report(self) -> str:
        self.log.append("reported")
        return "reported"

    @operation
    async def fan_out(self) -> None:
        await asyncio.gather(*(self.runtime.facade.call(self, "work") for _ in range(2)))

    @operation
    async def refuse_to_end(self) -> None:
        while not self.let_go:
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                continue

    @operation
    async def close_all(self) -> bool:
        return (await self.runtime.facade.aclose()).is_clean

    @operation
    async def leave(self) -> None:
        await self.runtime.facade.remove(self.name)

    @operation
    async def use(self, what: str) -> None:
        getattr(self, what)

    @operation
    async def items(self, count: int) -> AsyncIterator[int]:
        for number in range(count):
            yield number

    @operation
    async def subscription(self) -> AsyncIterator[int]:
        try:
            await self.gate.wait()
            yield 1
        finally:
            self.log.append("unsubscribed")

    @background(start="manual")
    async def loop(self) -> None:
        await self.runtime.wait_stopped()

    async def cleanup(self) -> None:
        self.log.append("cleaned")


def opened(desk: Desk, **options: Any) -> OrchestrationFacade:
    facade = OrchestrationFacade(**options)
    facade.register(desk)
    return facade


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["orchestrate", "call"])
async def test_calls_in_flight_may_end_before_anything_is_cleaned_up(how: str) -> None:
    facade = opened(desk := Desk())
    calls: dict[str, Any] = {
        "orchestrate": lambda: facade.orchestrate("desk", CONTEXT, operation="work"),
        "call": lambda: facade.call("desk", "work", CONTEXT),
    }
    async with assert_no_leaked_tasks():
        call = asyncio.create_task(calls[how]())
        await asyncio.sleep(0)
        closing = asyncio.create_task(facade.aclose())
        await asyncio.sleep(0)
        desk.gate.set()
        report = await asyncio.wait_for(closing, 5)

    assert report.is_clean
    assert desk.log == ["worked", "cleaned"]
    assert call.exception() is None


@pytest.mark.asyncio
async def test_a_call_in_flight_may_call_on_but_nobody_begins_a_new_one() -> None:
    facade = opened(desk := Desk())
    call = asyncio.create_task(facade.call("desk", "work", CONTEXT, "report"))
    await asyncio.sleep(0)
    closing = asyncio.create_task(facade.aclose())
    await asyncio.sleep(0)
    with pytest.raises(FacadeClosedError):
        await facade.call("desk", "report", CONTEXT)
    desk.gate.set()
    await asyncio.wait_for(closing, 5)

    assert await call == "done"
    assert desk.log == ["reported", "worked", "cleaned"]


@pytest.mark.asyncio
@pytest.mark.parametrize("what", ["work", "fan_out"])
async def test_a_call_that_takes_longer_is_cancelled_and_named_with_its_stack(
    fake_clock: FakeClock, what: str
) -> None:
    facade = opened(desk := Desk(), cleanup_timeout=3)
    call = asyncio.create_task(facade.call("desk", what, CONTEXT))
    await fake_clock.advance(0)
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(2.9)
    assert not call.done()
    await fake_clock.advance(0.2)
    report = await closing

    assert call.cancelled()
    assert {(one.orchestrator, one.what) for one in report.interrupted} == {("desk", "call")}
    assert any("in work" in line for one in report.interrupted for line in one.stack)
    assert not report.overdue
    assert not report.is_clean
    assert desk.log == ["cleaned"]


@pytest.mark.asyncio
async def test_a_call_that_swallows_its_cancellation_is_overdue(fake_clock: FakeClock) -> None:
    facade = opened(desk := Desk(), cleanup_timeout=3)
    call = asyncio.create_task(facade.call("desk", "refuse_to_end", CONTEXT))
    await fake_clock.advance(0)
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(3 + CANCEL_SECONDS)
    report = await closing

    assert [(one.orchestrator, one.what) for one in report.overdue] == [("desk", "call")]
    assert "in refuse_to_end" in report.overdue[0].stack[-2]
    assert not report.interrupted
    desk.let_go = True
    desk.gate.set()
    await asyncio.wait_for(call, 5)


@pytest.mark.asyncio
async def test_an_operation_that_closes_its_own_facade_does_not_wait_for_itself() -> None:
    facade = opened(desk := Desk())

    assert await asyncio.wait_for(facade.call("desk", "close_all", CONTEXT), 2)
    assert desk.log == ["cleaned"]


@pytest.mark.asyncio
async def test_a_cleanup_that_closes_the_facade_does_not_wait_for_itself() -> None:
    class Closing(Desk):
        async def cleanup(self) -> None:
            await facade.aclose()
            self.log.append("cleaned")

    facade = opened(desk := Closing())
    report = await asyncio.wait_for(facade.aclose(), 2)

    assert report.is_clean
    assert desk.log == ["cleaned"]


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["remove", "replace", "unregister"])
async def test_one_orchestrator_is_taken_out_when_its_calls_have_ended(how: str) -> None:
    facade = opened(desk := Desk())
    call = asyncio.create_task(facade.call("desk", "work", CONTEXT))
    await asyncio.sleep(0)
    removing: list[asyncio.Task[None]] = []
    if how == "remove":
        removing.append(asyncio.create_task(facade.remove("desk")))
    elif how == "unregister":
        facade.unregister("desk")
    else:
        facade.register(Desk(), replace=True)
    await asyncio.sleep(0)
    desk.gate.set()
    assert await call == "done"
    await asyncio.gather(*removing)
    await facade.aclose()

    assert desk.log == ["worked", "cleaned"]


@pytest.mark.asyncio
async def test_an_operation_that_removes_its_own_orchestrator_does_not_wait_for_itself() -> None:
    facade = opened(desk := Desk())
    await asyncio.wait_for(facade.call("desk", "leave", CONTEXT), 2)

    assert desk.log == ["cleaned"]


@pytest.mark.asyncio
async def test_a_second_close_waits_for_the_first() -> None:
    facade = opened(desk := Desk())
    call = asyncio.create_task(facade.call("desk", "work", CONTEXT))
    await asyncio.sleep(0)
    first = asyncio.create_task(facade.aclose())
    second = asyncio.create_task(facade.aclose())
    await asyncio.sleep(0)
    desk.gate.set()
    await asyncio.wait_for(second, 5)

    assert first.done()
    assert first.result() is second.result()
    assert first.result().closed == ["desk"]
    await call


@pytest.mark.asyncio
async def test_a_close_that_was_cancelled_is_taken_up_by_the_next(fake_clock: FakeClock) -> None:
    facade = opened(desk := Desk())
    facade.register(other := Desk("other"))
    await facade.call("desk", "report", CONTEXT)
    await facade.call("other", "report", CONTEXT)
    call = asyncio.create_task(facade.call("desk", "work", CONTEXT))
    await fake_clock.advance(0)
    first = asyncio.create_task(facade.aclose())
    await fake_clock.advance(1)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert first.cancelled()
    desk.gate.set()
    await call
    async with assert_no_leaked_tasks():
        report = await facade.aclose()

    assert report.is_clean
    assert [desk.log[-1], other.log[-1]] == ["cleaned", "cleaned"]


@pytest.mark.asyncio
async def test_a_close_from_another_loop_is_refused_and_leaves_the_facade_open() -> None:
    facade = opened(Desk())
    await facade.call("desk", "report", CONTEXT)
    with pytest.raises(SyncCallError, match="another running event loop"):
        await asyncio.to_thread(lambda: asyncio.run(facade.aclose()))

    assert await facade.call("desk", "report", CONTEXT) == "reported"
    await facade.aclose()


@pytest.mark.asyncio
@pytest.mark.parametrize("what", ["callback", "dependency"])
async def test_a_clean_up_that_was_added_is_bounded_and_named(fake_clock: FakeClock, what: str) -> None:
    facade = opened(desk := Desk(), cleanup_timeout=3)
    if what == "callback":
        desk.runtime.add_cleanup(Endless().aclose)
    else:
        await facade.call("desk", "use", CONTEXT, "endless")
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(3)
    report = await closing

    assert [one.what for one in report.overdue] == ["cleanup" if what == "callback" else "dependency endless"]
    assert "in aclose" in "".join(report.overdue[0].stack)


@pytest.mark.asyncio
async def test_a_dependency_that_fails_to_close_is_in_the_report() -> None:
    facade = opened(Desk())
    await facade.call("desk", "use", CONTEXT, "broken")
    report = await facade.aclose()

    assert str(report.errors["desk"]) == "already gone"
    assert not report.is_clean


@pytest.mark.asyncio
async def test_a_stream_that_waits_for_its_next_item_is_cancelled_and_closed(fake_clock: FakeClock) -> None:
    facade = opened(desk := Desk(), cleanup_timeout=3)
    reading = asyncio.ensure_future(anext(facade.stream("desk", "subscription", CONTEXT)))
    await fake_clock.advance(0)
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(3)
    report = await closing

    assert reading.cancelled()
    assert [one.orchestrator for one in report.interrupted] == ["desk"]
    assert desk.log == ["unsubscribed", "cleaned"]


@pytest.mark.asyncio
async def test_a_stream_that_cannot_be_opened_keeps_nothing() -> None:
    facade = opened(Desk(), tenant_limit=1)
    with pytest.raises(WrongParametersError):
        await anext(facade.stream("desk", "items", CONTEXT, bad=1))
    assert_nothing_is_held(facade)


@pytest.mark.asyncio
async def test_a_stream_waits_for_its_place_within_its_deadline(fake_clock: FakeClock) -> None:
    facade = opened(Desk(), tenant_limit=1)
    holder = facade.stream("desk", "items", CONTEXT, 3)
    await anext(holder)
    late = asyncio.ensure_future(anext(facade.stream("desk", "items", CONTEXT.with_timeout(2), 3)))
    gone = asyncio.ensure_future(anext(facade.stream("desk", "items", CONTEXT, 3)))
    await fake_clock.advance(0)
    gone.cancel()
    await fake_clock.advance(2)
    with pytest.raises(DeadlineExceededError):
        await late
    await holder.aclose()
    assert gone.cancelled()
    assert_nothing_is_held(facade)


@pytest.mark.asyncio
async def test_a_stream_that_its_reader_left_gives_its_place_back() -> None:
    facade = opened(Desk(), tenant_limit=1)

    async def first() -> int:
        async for number in facade.stream("desk", "items", CONTEXT, 3):
            return int(number)
        return -1

    assert await first() == 0
    gc.collect()
    assert_nothing_is_held(facade)
    assert await facade.call("desk", "report", CONTEXT) == "reported"


@pytest.mark.asyncio
async def test_what_never_started_is_closed_in_the_reverse_order_of_registration() -> None:
    facade = OrchestrationFacade()
    for name in ("first", "second", "third"):
        facade.register(Desk(name))

    assert (await facade.aclose()).closed == ["third", "second", "first"]


@pytest.mark.asyncio
async def test_a_close_that_is_cancelled_cancels_the_clean_up_that_it_waits_for() -> None:
    began = asyncio.Event()
    ended: list[str] = []

    class Slow(Desk):
        async def cleanup(self) -> None:
            began.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(self.name)

    facade = OrchestrationFacade()
    facade.register(Slow())
    async with assert_no_leaked_tasks():
        closing = asyncio.create_task(facade.aclose())
        await began.wait()
        closing.cancel()
        await asyncio.wait([closing])
    assert (closing.cancelled(), ended) == (True, ["desk"])


def assert_nothing_is_held(facade: OrchestrationFacade) -> None:
    metrics = facade.metrics()
    assert metrics["tenants"] == {}
    assert metrics["orchestrators"]["desk"]["in_flight"] == 0
    assert list(facade._streams) == []


@pytest.mark.asyncio
async def test_an_async_factory_runs_once_for_calls_that_are_first_together() -> None:
    made: list[Desk] = []
    gate = asyncio.Event()

    async def build() -> Desk:
        await gate.wait()
        made.append(Desk())
        return made[-1]

    facade = OrchestrationFacade()
    facade.register_factory("desk", build)
    calls = [asyncio.create_task(facade.call("desk", "report", CONTEXT)) for _ in range(3)]
    await asyncio.sleep(0)
    calls[0].cancel()
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*calls, return_exceptions=True)

    assert len(made) == 1
    assert [call.cancelled() for call in calls] == [True, False, False]
    await facade.aclose()


@pytest.mark.asyncio
async def test_an_async_factory_that_asks_for_itself_is_told_so() -> None:
    async def build() -> Any:
        return await facade.call("desk", "report", CONTEXT)

    facade = OrchestrationFacade()
    facade.register_factory("desk", build)
    with pytest.raises(WiringError, match="asks for 'desk' itself"):
        await asyncio.wait_for(facade.call("desk", "report", CONTEXT), 2)


def test_a_task_that_was_spawned_before_any_loop_starts_with_a_direct_call() -> None:
    class Spawning(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "spawning")
            self.ran = 0
            self.runtime.spawn(self.loop)

        async def loop(self) -> None:
            self.ran += 1
            await self.runtime.wait_stopped()

        @operation
        async def work(self) -> int:
            await asyncio.sleep(0)
            return self.ran

    spawning = Spawning()

    async def use() -> int:
        async with assert_no_leaked_tasks():
            ran = await spawning.work()
            await spawning.cleanup()
        return ran

    assert asyncio.run(use()) == 1


def test_a_closed_facade_starts_no_loop_for_synchronous_callers() -> None:
    facade = opened(Desk())
    assert facade.call_sync("desk", "report", CONTEXT) == "reported"
    facade.close()
    before = threading.active_count()
    for call in (
        lambda: facade.call_sync("desk", "report", CONTEXT),
        lambda: facade.orchestrate_sync("desk", CONTEXT, operation="report"),
    ):
        with pytest.raises(FacadeClosedError):
            call()

    assert threading.active_count() == before
    assert facade.close().closed == ["desk"]


@pytest.mark.asyncio
async def test_a_synchronous_call_in_flight_is_waited_for_as_well() -> None:
    facade = opened(desk := Desk())
    await facade.call("desk", "report", CONTEXT)
    thread = asyncio.create_task(asyncio.to_thread(facade.call_sync, "desk", "work", CONTEXT))
    while facade.metrics()["orchestrators"]["desk"]["in_flight"] == 0:
        await asyncio.sleep(0)
    closing = asyncio.create_task(facade.aclose())
    await asyncio.sleep(0)
    desk.gate.set()

    assert (await asyncio.wait_for(closing, 5)).is_clean
    assert await thread == "done"


@pytest.mark.asyncio
async def test_a_call_below_an_async_generator_is_found_and_cancelled(fake_clock: FakeClock) -> None:
    facade = opened(Desk(), cleanup_timeout=3)

    async def answers() -> AsyncIterator[Any]:
        yield await facade.call("desk", "work", CONTEXT)

    async def read() -> list[Any]:
        return [answer async for answer in answers()]

    reading = asyncio.create_task(read())
    await fake_clock.advance(0)
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(3)
    report = await closing

    assert reading.cancelled()
    (interrupted,) = report.interrupted
    where = [line.rpartition(" ")[2] for line in interrupted.stack]
    assert {"read", "answers", "work"} <= set(where)
    assert not report.overdue
