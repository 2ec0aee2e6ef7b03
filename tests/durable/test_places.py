"""What only so many may do at a time in a whole store: a tenant's runs, and singleton background tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    background,
    operation,
)
from orchestra.durable import Durable, DurableClient, Runs, Store
from orchestra.durable.leases import Leases
from orchestra.durable.places import Places
from tests.durable.test_engine import CONTEXT, Waiting, until

if TYPE_CHECKING:
    import sqlalchemy as sa


Line = Callable[[str, str], Places]


class Sweeper(BaseOrchestrator):
    """Notes each round of its one task."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "sweeper")
        self.rounds = 0
        self.ended = 0

    @operation(durable=True, version="1")
    async def look(self) -> int:
        return self.rounds

    @background(interval=0.01, singleton=True)
    async def sweep(self) -> None:
        self.rounds += 1


@pytest.fixture
def line() -> Iterator[Callable[[str, str], Places]]:
    """Return the lines of a store as a worker stands in them, who has an hour's lease."""
    engines: list[sa.Engine] = []

    def stand(url: str, worker: str) -> Places:
        store = Store(url)
        store.open()
        engines.append(store.engine())
        Leases(engines[-1]).renew(worker, 3600.0, (), {})
        return Places(engines[-1], worker, lambda: None)

    yield stand
    for engine in engines:
        engine.dispose()


def test_who_comes_first_is_first_and_the_next_moves_up(store_url: str, line: Line) -> None:
    one, two = line(store_url, "one"), line(store_url, "two")
    for places, turn in ((one, "a"), (two, "b"), (one, "c"), (one, "c")):
        places.line_up("it", turn)
    two.line_up("another", "d")
    assert [one.ahead(turn) for turn in "abcde"] == [0, 1, 2, 0, None]
    assert (one.length("it"), one.length("another"), one.length("none")) == (3, 1, 0)
    one.give_back("a")
    one.sweep()
    one.line_up("it", "e")
    assert [two.ahead(turn) for turn in "abce"] == [None, 0, 1, 2]


@pytest.mark.asyncio
async def test_however_many_line_up_at_once_no_more_than_the_limit_have_a_place(
    store_url: str, line: Line
) -> None:
    workers = [line(store_url, f"w{number}") for number in range(4)]
    inside, most, passed = 0, 0, 0

    async def pass_through(places: Places) -> None:
        nonlocal inside, most, passed
        async with places.one_of(2, "it"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1
            passed += 1
        await asyncio.to_thread(places.sweep)

    await asyncio.gather(*(pass_through(places) for places in workers for _ in range(5)))
    assert (passed, most) == (20, 2)


@pytest.mark.asyncio
async def test_a_singleton_runs_where_the_store_lets_it_and_nowhere_else(sqlite_url: str, line: Line) -> None:
    sweeper = Sweeper()
    facade = OrchestrationFacade()
    facade.register(sweeper)
    async with facade:
        await until(lambda: sweeper.rounds > 0)  # on no store
        async with DurableClient(sqlite_url, facade):
            rounds = sweeper.rounds
            other = line(sqlite_url, "other")
            other.line_up("singleton sweeper.sweep", "first")
            await asyncio.sleep(0.05)
            assert sweeper.rounds == rounds
        async with Durable(sqlite_url, facade, lease=0.5):
            await until(lambda: other.length("singleton sweeper.sweep") == 2)
            health: Any = facade.health()
            assert sweeper.rounds == rounds
            other.give_back("first")
            other.sweep()
            await until(lambda: sweeper.rounds > rounds)
        rounds = sweeper.rounds
        assert other.length("singleton sweeper.sweep") == 0
        await asyncio.sleep(0.05)
        assert sweeper.rounds == rounds
    assert health["orchestrators"]["sweeper"]["tasks"]["sweep"]["state"] == "standing by"


@pytest.mark.asyncio
async def test_a_tenant_limit_holds_for_runs_of_all_kinds_on_all_workers(store_url: str, line: Line) -> None:
    """Another worker holds the tenant's only place: no run of it runs here, from a queue or awaited."""
    orchestrator = Waiting()
    orchestrator.may_go.set()
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(orchestrator)
    facade.register(Sweeper())
    other = line(store_url, "other")
    other.line_up("tenant me", "theirs")
    async with Durable(store_url, facade, polling=0.02, lease=1.0) as durable:
        runs = [
            await durable.submit("conformance", "wait", CONTEXT, text="a"),
            await durable.submit("sweeper", "look", CONTEXT),
        ]
        yours = OrchestrationContext("you", "r")
        assert (await durable.run("conformance", "note", yours, {"text": "b"})).success
        awaited = asyncio.create_task(durable.run("conformance", "wait", CONTEXT, {"text": "c"}))
        late = await durable.run("conformance", "wait", CONTEXT.with_timeout(0.3), {"text": "d"})
        assert (late.success, late.error_category.name) == (False, "TIMEOUT")
        with Runs(store_url) as found:
            assert [found.show(run).state for run in runs] == ["queued", "queued"]
        assert orchestrator.done == ["b"]
        other.give_back("theirs")
        other.sweep()
        assert (await awaited).data == {"result": "C"}
        assert [(await durable.result(run)).success for run in runs] == [True, True]
    assert other.length("tenant me") == 0


@pytest.mark.asyncio
async def test_a_run_whose_caller_goes_away_is_found_by_workers_that_keep_tenants_apart(
    store_url: str,
) -> None:
    orchestrator = Waiting()
    facade = OrchestrationFacade(tenant_limit=2)
    facade.register(orchestrator)
    async with Durable(store_url, facade, polling=0.02) as durable:
        waiting = asyncio.create_task(durable.run("conformance", "wait", CONTEXT, {"text": "a"}))
        await orchestrator.waits.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        orchestrator.may_go.set()
        with Runs(store_url) as runs:
            (run,) = await asyncio.to_thread(runs.find)
        assert (await asyncio.wait_for(durable.result(run.id), 20)).data == {"result": "A"}


@pytest.mark.asyncio
async def test_a_nested_run_that_lost_its_worker_needs_no_place_beside_its_parent(store_url: str) -> None:
    orchestrator = Waiting()
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(orchestrator)
    async with Durable(store_url, facade, polling=0.02) as durable:
        run = await durable.submit("conformance", "wait_in_a_nested_run", CONTEXT, text="a")
        await orchestrator.waits.wait()
    orchestrator.waits.clear()
    orchestrator.may_go.set()
    async with Durable(store_url, facade, polling=0.02) as durable:
        result = await asyncio.wait_for(durable.result(run), 20)
    assert result.data == {"result": {"result": "A"}}
    assert orchestrator.done == ["a"]
