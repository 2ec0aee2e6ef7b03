"""The limit per tenant: nobody overtakes, no place is lost, nested calls do not wait for themselves."""

from __future__ import annotations

import asyncio
import random
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    TenantQueueFullError,
    operation,
)
from orchestra.tenants import TenantLimit

MINE, YOURS = OrchestrationContext("mine", "r"), OrchestrationContext("yours", "r")


class Hopping(BaseOrchestrator):
    """Calls on through a list of contexts; None stands for a direct call of ``orchestrate``."""

    def __init__(self, facade: OrchestrationFacade) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "hopping")
        self.facade = facade

    @operation
    async def hop(self, path: list[OrchestrationContext | None]) -> int:
        if not path:
            return 0
        first, *rest = path
        if first is None:
            here = OrchestrationContext.current()
            assert here is not None
            result = await self.orchestrate(here, path=rest)
            return 1 + int(result.unwrap())
        return 1 + int(await self.facade.call("hopping", "hop", first, rest))


@pytest.mark.asyncio
@pytest.mark.parametrize("path", [[YOURS, MINE], [None, MINE], [YOURS, None, MINE, YOURS]])
async def test_a_nested_call_never_waits_for_the_place_of_a_call_around_it(path: list[Any]) -> None:
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(Hopping(facade))

    assert await asyncio.wait_for(facade.call("hopping", "hop", MINE, path), 5) == len(path)
    assert facade.metrics()["tenants"] == {}


@pytest.mark.asyncio
async def test_another_facade_has_a_limit_of_its_own() -> None:
    inner = OrchestrationFacade(tenant_limit=1)
    outer = OrchestrationFacade(tenant_limit=1)
    outer.register(Hopping(inner))
    seen: list[Any] = []

    class Looking(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "hopping")

        @operation
        async def hop(self, path: list[Any]) -> int:
            seen.append(inner.metrics()["tenants"])
            return len(path)

    inner.register(Looking())
    await outer.call("hopping", "hop", MINE, [MINE])

    assert seen == [{"mine": {"running": 1, "waiting": 0}}]
    assert outer.metrics()["tenants"] == inner.metrics()["tenants"] == {}


@pytest.mark.asyncio
async def test_what_outlives_the_call_that_began_it_takes_a_place_of_its_own() -> None:
    facade = OrchestrationFacade(tenant_limit=1)
    release = asyncio.Event()
    left: list[asyncio.Task[Any]] = []

    class Leaving(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "leaving")

        @operation
        async def work(self) -> None:
            left.append(asyncio.ensure_future(self.later()))

        async def later(self) -> None:
            await release.wait()
            await facade.call("leaving", "look", MINE)

        @operation
        async def look(self) -> None:
            assert facade.metrics()["tenants"] == {"mine": {"running": 1, "waiting": 0}}

    facade.register(Leaving())
    await facade.call("leaving", "work", MINE)
    release.set()
    await asyncio.gather(*left)
    assert facade.metrics()["tenants"] == {}


STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "finish", "cancel", "turn"]), st.integers(0, 7)), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(limit=st.integers(1, 3), steps=STEPS)
def test_whatever_the_order_of_ends_and_cancellations_no_place_is_lost(
    limit: int, steps: list[tuple[str, int]]
) -> None:
    async def play() -> None:
        tenants = TenantLimit(limit, 1000)
        running: set[int] = set()
        ends: list[asyncio.Event] = []
        tasks: list[asyncio.Task[None]] = []

        async def one(number: int, end: asyncio.Event) -> None:
            if not tenants.enter("t"):
                await tenants.wait("t")
            running.add(number)
            assert len(running) <= limit
            try:
                await end.wait()
            finally:
                running.discard(number)
                tenants.leave("t")

        for step, which in steps:
            if step == "start":
                ends.append(asyncio.Event())
                tasks.append(asyncio.create_task(one(len(tasks), ends[-1])))
            elif step == "finish" and which < len(ends):
                ends[which].set()
            elif step == "cancel" and which < len(tasks):
                tasks[which].cancel()
            else:
                await asyncio.sleep(0)
        for end in ends:
            end.set()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
        assert tenants.snapshot() == {}

    asyncio.run(play())


@pytest.fixture
def _switching_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_a_place_handed_to_another_loop_in_the_moment_of_a_cancellation_is_given_on() -> None:
    """The waiter's loop has the cancellation in hand before it learns of the place."""
    tenants = TenantLimit(1, 10)
    assert tenants.enter("t")

    async def waiting() -> None:
        task = asyncio.create_task(tenants.wait("t"))
        await asyncio.sleep(0)
        other = threading.Thread(target=tenants.leave, args=("t",))
        other.start()
        other.join()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(waiting())
    assert tenants.snapshot() == {}


def test_a_waiter_whose_loop_was_closed_is_passed_over() -> None:
    tenants = TenantLimit(1, 10)
    assert tenants.enter("t")
    gone = asyncio.new_event_loop()
    abandoned = gone.create_task(tenants.wait("t"))
    gone.run_until_complete(asyncio.sleep(0))

    async def use() -> None:
        waiting = asyncio.create_task(tenants.wait("t"))
        await asyncio.sleep(0)
        gone.close()
        tenants.leave("t")
        await asyncio.wait_for(waiting, 5)
        tenants.leave("t")

    asyncio.run(use())
    assert tenants.snapshot() == {}
    abandoned._log_destroy_pending = False  # type: ignore[attr-defined]


@pytest.mark.usefixtures("_switching_often")
def test_loops_in_several_threads_share_a_limit_and_lose_no_place(request: pytest.FixtureRequest) -> None:
    tenants = TenantLimit(2, 1000)
    rounds = 2000 if request.config.getoption("--soak") else 150
    most = [0]
    inside: set[object] = set()

    async def one(chance: random.Random) -> None:
        if not tenants.enter("t"):
            await tenants.wait("t")
        inside.add(me := object())
        most[0] = max(most[0], len(inside))
        try:
            for _ in range(chance.randrange(3)):
                await asyncio.sleep(0)
        finally:
            inside.discard(me)
            tenants.leave("t")

    async def many(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(rounds):
            tasks = [asyncio.create_task(one(chance)) for _ in range(4)]
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            chance.choice(tasks).cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    threads = [
        threading.Thread(target=lambda seed=seed: asyncio.run(asyncio.wait_for(many(seed), 60)))
        for seed in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most[0] <= 2
    assert tenants.snapshot() == {}


@pytest.mark.asyncio
async def test_a_full_queue_keeps_nothing_of_who_was_refused() -> None:
    tenants = TenantLimit(1, 1)
    assert tenants.enter("t")
    waiting = asyncio.create_task(tenants.wait("t"))
    await asyncio.sleep(0)
    with pytest.raises(TenantQueueFullError) as caught:
        await tenants.wait("t")
    assert caught.value.tenant == "t"
    tenants.leave("t")
    await waiting
    tenants.leave("t")
    assert tenants.snapshot() == {}
