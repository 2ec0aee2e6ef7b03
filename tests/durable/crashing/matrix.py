"""The crash matrix: all that can happen to a worker, on real processes; `make crash` prints it as a table."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from orchestra import OrchestrationContext
from orchestra.durable.client import DurableClient
from orchestra.durable.errors import IdempotencyConflictError
from tests.durable.crashing.application import LONG, POINTS, STEPS, SWEEPER
from tests.durable.crashing.harness import LEASE, Crew, Verdict, Zygote, most_at_once
from tests.durable.crashing.zygote import build_facade

TITLES = (
    "| what happens | store | finished | right | steps in journals | redone | in flight, twice | takeover |"
)

Row = Callable[[Crew], Awaitable[Verdict]]


async def killed(crew: Crew, points: Sequence[str] = POINTS) -> Verdict:
    """A worker is killed at each point of an order."""
    return await _met(crew, "SIGKILL at a border of a step and inside", points, "SIGKILL")


async def stopped(crew: Crew, points: Sequence[str] = POINTS) -> Verdict:
    """A worker sleeps beyond its lease at each point, and wakes when its run has finished elsewhere."""
    return await _met(crew, "SIGSTOP beyond the lease, woken afterwards", points, "SIGSTOP")


async def _met(crew: Crew, what: str, points: Sequence[str], fate: str) -> Verdict:
    """Let two at a time meet their fate, so that there is always a third to take over."""
    names = [f"{fate} {point}" for point in points]
    for pair in range(0, len(names), 2):
        await crew.complete()
        now = names[pair : pair + 2]
        for name in now:
            crew.evidence.plan(name, name.removeprefix(f"{fate} "), fate)
            await crew.order(name)
        for name in now:
            await crew.finished(name)
        for pid in {pid for _, pid, name, met in crew.evidence.read() if name in now and met == "SIGSTOP"}:
            crew.wake(pid)
    await crew.took_over_by_lease()
    return await crew.verdict(what, names)


async def blocked(crew: Crew) -> Verdict:
    """An operation blocks the event loop for more than two leases: its worker stays alive for its peers."""
    crew.evidence.plan("blocks", "at the start of charge", "block")
    await crew.order("blocks")
    await crew.until(lambda: crew.has_met("blocks", "block"), "the loop to be blocked")
    blocked_at, pid = next(row[:2] for row in crew.evidence.read() if row[3] == "block")
    seen = False
    while time.time() < blocked_at + LONG:
        alive = any(f"-{pid}-" in worker for worker in crew.alive())
        seen = seen or (alive and time.time() > blocked_at + LEASE)
        await asyncio.sleep(0.1)
    assert seen, "counted as dead although it was alive"
    return await crew.verdict("event loop blocked beyond the lease", ["blocks"])


async def gracefully_stopped(crew: Crew) -> Verdict:
    """SIGTERM in the middle of a step: the run is handed over at once."""
    crew.evidence.plan("hands over", "at the start of charge", "hold")
    await crew.order("hands over")
    await crew.until(lambda: crew.has_met("hands over", "holds"), "the step to be held")
    holder = next(row[1] for row in crew.evidence.read() if row[2:] == ("hands over", "holds"))
    os.kill(holder, signal.SIGTERM)
    await crew.until(lambda: _begun(crew, "hands over", "charge") == 2, "a peer to begin the step")
    crew.evidence.lift("hands over", "at the start of charge")
    verdict = await crew.verdict("SIGTERM inside a step", ["hands over"])
    assert not crew.said_to_have_been_taken_over(holder), "its lease had to run out"
    return verdict


async def away(crew: Crew, take_away: Callable[[], Awaitable[None]]) -> Verdict:
    """The store is away while three orders are in the middle of a step."""
    names = [f"away {number}" for number in range(3)]
    for name in names:
        crew.evidence.plan(name, "at the start of charge", "hold")
        await crew.order(name)
    await crew.until(lambda: all(crew.has_met(name, "holds") for name in names), "three steps to be held")
    await take_away()
    for name in names:
        crew.evidence.lift(name, "at the start of charge")
    return await crew.verdict("store away for longer than the lease", names)


async def started_twice(crew: Crew) -> Verdict:
    """Two more workers come up at the same moment, and one of them is killed with work in hand."""
    names = [f"twice {number}" for number in range(6)]
    for name in names:
        await crew.order(name)
    crew.evidence.plan(names[0], "at the end of pack", "SIGKILL")
    for _ in range(2):
        crew.start()
    return await crew.verdict("a worker started twice", names)


async def deployed(crew: Crew) -> Verdict:
    """A new version is deployed with an order half-way: the order waits, says so, and ends on its own
    version.
    """
    crew.evidence.plan("of today", "at the start of charge", "hold")
    await crew.order("of today")
    await crew.until(lambda: crew.has_met("of today", "holds"), "the step to be held")
    for pid in list(crew.pids):
        os.kill(pid, signal.SIGTERM)
        del crew.pids[pid]
    crew.start(version="2")
    await crew.until(lambda: crew.show("of today").state == "queued", "the old run to wait")
    crew.evidence.lift("of today", "at the start of charge")
    async with DurableClient(crew.url, build_facade(crew.evidence, "2")) as client:
        context = OrchestrationContext("shop", "request")
        new = await client.submit("orders", "order", context, name="of tomorrow", amount=1)
        result = await client.result(new)
    assert result.data["result"] == {"name": "of tomorrow", "amount": 8}
    await crew.until(lambda: crew.show("of today").served is False, "the old workers to be gone")
    waiting = crew.show("of today")
    assert (waiting.state, waiting.version) == ("queued", "1")
    await crew.complete()
    return await crew.verdict("a new version deployed half-way", ["of today"])


async def not_mixed_up(crew: Crew) -> Verdict:
    """Tenants with one request id and one key, two operations in one request, a key with other parameters."""
    first = await crew.order("tenant one", "one", "key")
    second = await crew.order("tenant two", "two", "key")
    again = await crew.order("tenant one", "one", "key")
    context = OrchestrationContext("one", "request", idempotency_key="key")
    packing = await crew.client.submit("packing", "pack", context, name="tenant one", amount=1)
    assert (first == again, len({first, second, packing})) == (True, 3)
    try:
        await crew.client.submit("orders", "order", context, name="tenant one", amount=99)
    except IdempotencyConflictError:
        await crew.client.result(packing)
        return await crew.verdict("same request id, same key, other parameters", ["tenant two"])
    raise AssertionError("a key was taken for two different requests")


async def swept(crew: Crew) -> Verdict:
    """Whoever runs the singleton task is killed, and stopped and woken: another has it, never two at once."""
    slowest = max([await _robbed(crew, fate) for fate in (signal.SIGKILL, signal.SIGSTOP)])
    overlaps = most_at_once([row for row in crew.evidence.read() if row[2] in (SWEEPER, "-")]) - 1
    return Verdict("the worker of a singleton task killed, and stopped", 2, 2, 2, 0, overlaps, 0, slowest)


async def _robbed(crew: Crew, fate: signal.Signals) -> float:
    """Take the task from who has it; return the seconds until another begins a round."""
    sweeper = await _sweeper(crew, since=time.time())
    os.kill(sweeper, fate)
    at = time.time()
    crew.evidence.note_of(sweeper, "-", fate.name)
    other = await _sweeper(crew, since=at, but=sweeper)
    taken = _first(crew, other, at) - at
    if fate is signal.SIGSTOP:
        crew.wake(sweeper)
        await crew.until(lambda: crew.is_known(sweeper), "who slept to say that it lives")
    await crew.complete()
    await _sweeper(crew, since=time.time())
    return taken


async def _sweeper(crew: Crew, *, since: float, but: int = 0) -> int:
    """Return the process that begins a round after some time."""

    def found() -> list[int]:
        lines = crew.evidence.read()
        return [pid for at, pid, _, what in lines if what == "begins sweep" and at > since and pid != but]

    await crew.until(found, "somebody to sweep")
    return found()[-1]


def _first(crew: Crew, pid: int, since: float) -> float:
    lines = crew.evidence.read()
    return min(at for at, who, _, what in lines if what == "begins sweep" and who == pid and at > since)


async def one_at_a_time(crew: Crew) -> Verdict:
    """A tenant may have one run at a time: the worker that has it is killed, and there are never two."""
    names = [f"limited {number}" for number in range(6)]
    crew.evidence.plan(names[0], "at the start of charge", "SIGKILL")
    for name in names:
        await crew.order(name)
    verdict = await crew.verdict("a tenant's limit of one, its worker killed", names)
    most = most_at_once(crew.evidence.read())
    assert most == 1, f"{most} runs at once"
    return verdict


def _begun(crew: Crew, name: str, step: str) -> int:
    return sum(row[2:] == (name, f"begins {step}") for row in crew.evidence.read())


def sqlite_away(url: str) -> Callable[[], Awaitable[None]]:
    """Return what locks a SQLite store for longer than the lease."""

    async def lock() -> None:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
        connection.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(LEASE * 1.5)
        connection.execute("ROLLBACK")
        connection.close()

    return lock


def postgres_away(server: Any) -> Callable[[], Awaitable[None]]:
    """Return what crashes a PostgreSQL server and starts it again after longer than the lease."""

    async def restart() -> None:
        server.crash()
        await asyncio.sleep(LEASE * 1.5)
        server.start()

    return restart


def rows(take_away: Callable[[], Awaitable[None]], points: Sequence[str] = POINTS) -> list[Row]:
    """Return the rows of the matrix for one store."""
    return [
        lambda crew: killed(crew, points),
        lambda crew: stopped(crew, points),
        blocked,
        gracefully_stopped,
        lambda crew: away(crew, take_away),
        started_twice,
        deployed,
        not_mixed_up,
        one_at_a_time,
        swept,
    ]


UNHURRIED = frozenset({gracefully_stopped, deployed, not_mixed_up})
"""Rows in which no lease has to run out: theirs is long, so that a busy machine is not taken for a death."""

LONG_LEASE = 30.0
"""Seconds."""


def sample(seed: int, size: int) -> list[str]:
    """Return some of the points at which a worker can die."""
    return random.Random(seed).sample(POINTS, size)


async def measured(row: Row, zygote: Zygote, url: str, folder: Path) -> Verdict:
    """Return what becomes of one row."""
    if row is one_at_a_time:
        (folder / "tenant limit").write_text("1")
    if row is swept:
        (folder / "swept").touch()
    async with Crew(zygote, url, folder, lease=LONG_LEASE if row in UNHURRIED else LEASE) as crew:
        return await row(crew)


def _all_rows(zygote: Zygote, url: str, take_away: Callable[[], Awaitable[None]]) -> Iterator[Verdict]:
    for row in rows(take_away):
        with tempfile.TemporaryDirectory() as folder:
            yield asyncio.run(measured(row, zygote, url, Path(folder)))
        print(".", end="", file=sys.stderr, flush=True)


def line(store: str, verdict: Verdict) -> str:
    """Return a row of the table that stands in the documentation."""
    cells = (
        verdict.what, store, f"{verdict.finished} of {verdict.runs}", f"{verdict.right}", f"{verdict.steps}",
        f"{verdict.redone}", f"{verdict.twice}", f"{verdict.slowest:.1f} s" if verdict.slowest else "-",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Run the whole matrix on both kinds of store and print it."""
    from tests.support.postgres import OwnServer

    verdicts: list[tuple[str, Verdict]] = []
    with Zygote() as zygote:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/runs.sqlite"
            verdicts += [("SQLite", one) for one in _all_rows(zygote, url, sqlite_away(url))]
        with OwnServer() as server:
            url = server.new_database()
            verdicts += [("PostgreSQL", one) for one in _all_rows(zygote, url, postgres_away(server))]
    print(file=sys.stderr)
    print(TITLES)
    print("|---|---|---|---|---|---|---|---|")
    for store, verdict in verdicts:
        print(line(store, verdict))
    print(f"\n{len(STEPS)} steps an order, 3 workers, a lease of {LEASE:g} s.")
    late = [verdict for store, verdict in verdicts if store == "PostgreSQL" and not verdict.is_in_time]
    return 0 if all(verdict.is_good for _, verdict in verdicts) and not late else 1


if __name__ == "__main__":
    sys.exit(main())
