"""Deadlines shrink through nesting, and interrupt; tenants have their limit, and waiting counts."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from typing import Any

import pytest

from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    operation,
)
from orchestra.calls import CURRENT
from orchestra.deadlines import _watches, pending_deadlines
from orchestra.errors import DeadlineExceededError
from orchestra.testing import FakeClock, assert_no_leaked_tasks

CONTEXT = OrchestrationContext("tenant", "request", {})


def context_here() -> OrchestrationContext:
    found = OrchestrationContext.current()
    assert found is not None
    return found


class Worker(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "worker")
        self.running = 0
        self.most = 0
        self.gate = asyncio.Event()
        self.order: list[Any] = []

    @operation
    async def wait(self, label: Any = None) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.order.append(label)
        try:
            await self.gate.wait()
        finally:
            self.running -= 1

    @operation
    async def end_slowly(self) -> None:
        try:
            await self.gate.wait()
        finally:
            await asyncio.shield(self.gate.wait())

    @operation
    async def remaining(self) -> Any:
        return context_here().remaining()

    @operation(timeout=5)
    async def limited(self) -> Any:
        return context_here().remaining(), await self.runtime.facade.call("worker", "remaining")

    @operation(timeout=5)
    async def stuck(self) -> None:
        await self.gate.wait()

    @operation
    async def detach(self) -> None:
        self.child = asyncio.create_task(self.runtime.facade.call("worker", "wait"))
        await asyncio.shield(self.child)

    @operation
    async def hurry(self) -> Any:
        shorter = context_here().create_child_context("worker").with_timeout(1)
        return (await self.runtime.facade.orchestrate("worker", shorter, operation="wait")).error_category

    @operation
    async def nest(self, levels: Any) -> Any:
        if levels:
            return await self.runtime.facade.call("worker", "nest", None, levels - 1)
        return len(context_here().metadata)


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def limited(worker: Worker) -> OrchestrationFacade:
    facade = OrchestrationFacade(tenant_limit=2, tenant_queue=3)
    facade.register(worker)
    return facade


def test_a_budget_shrinks_and_never_grows(fake_clock: FakeClock) -> None:
    ten = CONTEXT.with_timeout(10)

    assert ten.remaining() == 10
    assert ten.create_child_context("x").with_timeout(60).remaining() == 10
    assert ten.with_timeout(3).remaining() == 3
    assert CONTEXT.remaining() is None


@pytest.mark.asyncio
async def test_the_deadline_shrinks_through_nesting(
    fake_clock: FakeClock, limited: OrchestrationFacade
) -> None:
    context = CONTEXT.with_timeout(10)
    await fake_clock.advance(4)

    assert await limited.call("worker", "remaining", context) == 6
    assert await limited.call("worker", "limited", context) == (5, 5)
    await fake_clock.advance(3)
    assert await limited.call("worker", "limited", context) == (3, 3)


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["orchestrate", "call", "operation", "direct"])
async def test_a_deadline_interrupts(
    fake_clock: FakeClock, limited: OrchestrationFacade, worker: Worker, how: Any
) -> None:
    context = CONTEXT.with_timeout(5)
    start: Any = {
        "orchestrate": lambda: limited.orchestrate("worker", context, operation="wait"),
        "call": lambda: limited.call("worker", "wait", context),
        "operation": lambda: limited.orchestrate("worker", CONTEXT, operation="stuck"),
        "direct": lambda: worker.orchestrate(context, operation="wait"),
    }[how]
    async with assert_no_leaked_tasks():
        task = asyncio.create_task(start())
        await fake_clock.advance(4.9)
        assert not task.done()
        await fake_clock.advance(0.2)
        if how == "call":
            with pytest.raises(DeadlineExceededError):
                await task
        else:
            result = await task
            assert (result.error_category, result.retryable) == (ErrorCategory.TIMEOUT, True)
    assert task.cancelling() == 0
    assert worker.running == 0
    assert pending_deadlines(asyncio.get_running_loop()) == 0


@pytest.mark.asyncio
async def test_many_deadlines_pass_each_at_its_own_time(fake_clock: FakeClock, worker: Worker) -> None:
    facade = OrchestrationFacade()
    facade.register(worker)
    late = []

    async def one(seconds: Any) -> None:
        with pytest.raises(TimeoutError):
            await facade.call("worker", "wait", CONTEXT.with_timeout(seconds))
        late.append((seconds, fake_clock.monotonic()))

    start = fake_clock.monotonic()
    tasks = [asyncio.create_task(one(1 + number * 7 % 200)) for number in range(200)]
    await fake_clock.advance(0)
    assert pending_deadlines(asyncio.get_running_loop()) == 200
    for task in tasks[::2]:
        task.cancel()
    await fake_clock.advance(300)
    await asyncio.gather(*tasks, return_exceptions=True)

    assert len(late) == 100
    assert all(moment - start == seconds for seconds, moment in late)
    assert pending_deadlines(asyncio.get_running_loop()) == 0


@pytest.mark.asyncio
async def test_a_deadline_that_has_passed_starts_nothing(
    fake_clock: FakeClock, limited: OrchestrationFacade, worker: Worker
) -> None:
    context = CONTEXT.with_timeout(5)
    await fake_clock.advance(5)
    result = await limited.orchestrate("worker", context, operation="wait")

    assert result.error_category is ErrorCategory.TIMEOUT
    assert worker.order == []


@pytest.mark.asyncio
async def test_a_cancellation_from_outside_is_not_taken_for_the_deadline(
    fake_clock: FakeClock, limited: OrchestrationFacade
) -> None:
    task = asyncio.create_task(limited.call("worker", "wait", CONTEXT.with_timeout(5)))
    await fake_clock.advance(1)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.asyncio
@pytest.mark.parametrize("first", ["the deadline", "the cancellation"])
async def test_a_cancellation_that_meets_the_deadline_wins(
    fake_clock: FakeClock, limited: OrchestrationFacade, first: str
) -> None:
    task = asyncio.create_task(limited.orchestrate("worker", CONTEXT.with_timeout(5), operation="end_slowly"))
    await fake_clock.advance(1)
    if first == "the cancellation":
        task.cancel()
    await fake_clock.advance(5)
    if first == "the deadline":
        task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert limited.metrics()["tenants"] == {}


@pytest.mark.asyncio
async def test_a_tenant_has_its_limit_and_first_come_is_first_served(
    limited: OrchestrationFacade, worker: Worker
) -> None:
    tasks = [
        asyncio.create_task(limited.call("worker", "wait", CONTEXT, label)) for label in ("a", "b", "c", "d")
    ]
    other = asyncio.create_task(limited.call("worker", "wait", OrchestrationContext("other", "r"), "other"))
    for _ in range(3):
        await asyncio.sleep(0)
    assert worker.order == ["a", "b", "other"]
    assert limited.metrics()["tenants"]["tenant"] == {"running": 2, "waiting": 2}
    worker.gate.set()
    await asyncio.gather(*tasks, other)

    assert worker.order == ["a", "b", "other", "c", "d"]
    assert worker.most == 3
    assert limited.metrics()["tenants"] == {}
    assert limited.metrics()["orchestrators"]["worker"]["queue_seconds"] > 0


@pytest.mark.asyncio
async def test_a_full_queue_is_a_rate_limit(limited: OrchestrationFacade, worker: Worker) -> None:
    tasks = [asyncio.create_task(limited.orchestrate("worker", CONTEXT, operation="wait")) for _ in range(6)]
    for _ in range(3):
        await asyncio.sleep(0)
    worker.gate.set()
    results = await asyncio.gather(*tasks)

    assert [result.success for result in results] == [True] * 5 + [False]
    assert (results[5].error_category, results[5].retryable) == (ErrorCategory.RATE_LIMIT, True)


@pytest.mark.asyncio
async def test_waiting_counts_against_the_deadline_and_leaves_no_entry(
    fake_clock: FakeClock, limited: OrchestrationFacade, worker: Worker
) -> None:
    holders = [asyncio.create_task(limited.call("worker", "wait", CONTEXT)) for _ in range(2)]
    await fake_clock.advance(0)
    late = asyncio.create_task(limited.orchestrate("worker", CONTEXT.with_timeout(5), operation="wait"))
    gone = asyncio.create_task(limited.orchestrate("worker", CONTEXT, operation="wait"))
    await fake_clock.advance(1)
    gone.cancel()
    await fake_clock.advance(5)

    assert (await late).error_category is ErrorCategory.TIMEOUT
    assert limited.metrics()["tenants"] == {"tenant": {"running": 2, "waiting": 0}}
    worker.gate.set()
    await asyncio.gather(*holders, return_exceptions=True)
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert limited.metrics()["tenants"] == {}


@pytest.mark.asyncio
async def test_nested_calls_share_the_place_of_the_outer(worker: Worker) -> None:
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(worker)

    assert await asyncio.wait_for(facade.call("worker", "nest", CONTEXT, 5), 5) == 0
    assert facade.metrics()["tenants"] == {}


@pytest.mark.asyncio
async def test_a_place_given_in_the_turn_of_a_cancellation_is_given_on(worker: Worker) -> None:
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(worker)
    holder = asyncio.create_task(facade.call("worker", "wait", CONTEXT))
    await asyncio.sleep(0)
    waiter = asyncio.create_task(facade.call("worker", "wait", CONTEXT))
    await asyncio.sleep(0)
    holder.cancel()
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)

    assert facade.metrics()["tenants"] == {}


@pytest.mark.asyncio
async def test_nothing_leaks_from_many_nested_calls_of_many_tenants(request: pytest.FixtureRequest) -> None:
    """100,000 nested calls from 10 tenants, one of them slow; 20,000 unless ``--soak``."""
    calls = 100_000 if request.config.getoption("--soak") else 20_000
    slow_gate = asyncio.Event()

    class Nesting(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "nesting")

        @operation
        async def work(self, levels: Any) -> None:
            if context_here().tenant_id == "slow":
                await slow_gate.wait()
            if levels:
                await self.runtime.facade.orchestrate("nesting", levels=levels - 1)

    facade = OrchestrationFacade(tenant_limit=2)
    facade.register(Nesting())
    contexts = [OrchestrationContext(f"tenant-{number}", "r") for number in range(9)]
    slow = [
        asyncio.create_task(facade.orchestrate("nesting", OrchestrationContext("slow", "r"), levels=3))
        for _ in range(10)
    ]

    async def many(count: Any) -> None:
        for number in range(count // 40):
            await asyncio.gather(
                *(facade.orchestrate("nesting", contexts[(number + i) % 9], levels=3) for i in range(10))
            )

    await many(calls // 10)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    await many(calls - calls // 10)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert facade.metrics()["orchestrators"]["nesting"]["calls"] >= calls * 0.99
    assert not any(task.done() for task in slow)
    assert after - before < 1_000_000
    slow_gate.set()
    await asyncio.gather(*slow)
    assert facade.metrics()["tenants"] == {}
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert CURRENT.get() is None


@pytest.mark.asyncio
async def test_a_call_that_ended_in_time_is_left_alone_by_its_deadline(
    fake_clock: FakeClock, limited: OrchestrationFacade
) -> None:
    loop = asyncio.get_running_loop()
    for seconds in (5, 1, 3):
        assert await limited.call("worker", "remaining", CONTEXT.with_timeout(seconds)) == seconds
        assert pending_deadlines(loop) == 0
    await fake_clock.advance(10)

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


@pytest.mark.asyncio
async def test_deadlines_that_end_out_of_order_leave_nothing(fake_clock: FakeClock, worker: Worker) -> None:
    facade = OrchestrationFacade()
    facade.register(worker)
    tasks = [
        asyncio.create_task(facade.call("worker", "wait", CONTEXT.with_timeout(100 + number)))
        for number in range(300)
    ]
    await fake_clock.advance(0)
    for task in tasks[:-1]:
        task.cancel()
    await fake_clock.advance(0)
    loop = asyncio.get_running_loop()

    assert pending_deadlines(loop) == 1
    assert len(_watches[loop].heap) < 150
    worker.gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert pending_deadlines(loop) == 0


@pytest.mark.asyncio
async def test_a_nested_call_in_a_task_of_its_own_has_a_deadline_of_its_own(
    fake_clock: FakeClock, limited: OrchestrationFacade, worker: Worker
) -> None:
    outer = asyncio.create_task(limited.orchestrate("worker", CONTEXT.with_timeout(5), operation="detach"))
    await fake_clock.advance(5)

    assert (await outer).error_category is ErrorCategory.TIMEOUT
    with pytest.raises(DeadlineExceededError):
        await worker.child


@pytest.mark.asyncio
async def test_a_shorter_deadline_inside_interrupts_first(
    fake_clock: FakeClock, limited: OrchestrationFacade
) -> None:
    outer = asyncio.create_task(limited.call("worker", "hurry", CONTEXT.with_timeout(60)))
    await fake_clock.advance(1)

    assert outer.done()
    assert outer.result() is ErrorCategory.TIMEOUT
