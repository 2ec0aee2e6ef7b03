"""What only so many may do at a time in a whole store: a tenant's runs, and singleton background tasks."""

from __future__ import annotations

import asyncio
from typing import Any

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


def line(store: Store, worker: str) -> Places:
    """Return the lines of a store as one worker stands in them."""
    return Places(store.engine(), worker, lambda: None)


def test_who_comes_first_is_first_and_the_next_moves_up(store_url: str) -> None:
    store = Store(store_url)
    store.open()
    one, two = line(store, "one"), line(store, "two")
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
async def test_however_many_line_up_at_once_no_more_than_the_limit_have_a_place(store_url: str) -> None:
    store = Store(store_url)
    store.open()
    workers = [line(store, f"w{number}") for number in range(4)]
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
async def test_a_singleton_runs_where_the_store_lets_it_and_nowhere_else(sqlite_url: str) -> None:
    sweeper = Sweeper()
    facade = OrchestrationFacade()
    facade.register(sweeper)
    async with facade:
        await until(lambda: sweeper.rounds > 0)  # on no store
        async with DurableClient(sqlite_url, facade):
            rounds = sweeper.rounds
            other = line(Store(sqlite_url), "other")
            other.line_up("singleton sweeper.sweep", "first")
            await asyncio.sleep(0.05)
            assert sweeper.rounds == rounds
        async with Durable(sqlite_url, facade, lease=0.5):
            health: Any = facade.health()
            await asyncio.sleep(0.3)
            assert sweeper.rounds == rounds
            other.give_back("first")
            other.sweep()
            await until(lambda: sweeper.rounds > rounds)
        rounds = sweeper.rounds
        assert other.length("singleton sweeper.sweep") == 0
        await asyncio.sleep(0.05)
        assert sweeper.rounds == rounds
    assert health["orchestrators"]["sweeper"]["tasks"]["sweep"]["state"] == "standing by"
