"""What a durable call costs beside the bare engine on the same store, in time, rows and bytes; and how much
more several workers get done.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    operation,
)
from tests.benchmarks.measure import Row

CALLS = 40
ORDERS = 32
WAIT = 0.2
"""Seconds that each step of an order waits, as for a service."""

PLACES = 4
"""Orders that one worker has in hand."""

TARGET = 1.15


class Summing(BaseOrchestrator):
    """Two steps, as the bare workflow has them."""

    def __init__(self) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "summing")

    @operation(durable=True, version="1")
    async def add(self, a: int, b: int) -> int:
        """Return a sum from two steps."""
        first: int = await self.runtime.step("first", _same, a)
        return first + int(await self.runtime.step("second", _same, b))


def _same(value: int) -> int:
    return value


async def _same_later(value: int) -> int:
    return value


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure that is no time; shown as it is."""

    ours: float
    bare: float


def rows() -> Iterator[Row]:
    """Yield the rows: each store in turn, then sizes, then workers."""
    with tempfile.TemporaryDirectory() as folder, _postgres() as server:
        path = Path(folder) / "runs.sqlite"
        for store, url in (("SQLite", f"sqlite:///{path}"), ("PostgreSQL", server.new_database())):
            taken = asyncio.run(_calls(url))
            yield Row(
                f"durable call of two steps, {store}, CPU", TARGET, "bare DBOS", taken["bare"], taken["ours"]
            )
            yield Row("the same, elapsed", TARGET, "bare DBOS", taken["bare elapsed"], taken["ours elapsed"])
        for what, counted in _sizes(path).items():
            shown = f"{what} of such a run (a number, not seconds)"
            yield Row(shown, None, "bare DBOS", counted.bare, counted.ours)
        url = server.new_database()
        alone = _seconds_an_order(url, 1)
        for workers in (2, 4):
            yield Row(
                f"an order of 5 waiting steps, {workers} workers, elapsed", None, "1 worker", alone,
                _seconds_an_order(url, workers),
            )  # fmt: skip


async def _calls(url: str) -> dict[str, float]:
    from dbos import DBOS

    from orchestra.durable import Durable

    @DBOS.workflow(name=f"bare {url}")
    async def bare(a: int, b: int) -> int:
        first = await DBOS.run_step_async({"name": "first"}, _same_later, a)
        return first + await DBOS.run_step_async({"name": "second"}, _same_later, b)

    facade = OrchestrationFacade()
    facade.register(Summing())
    context = OrchestrationContext("tenant", "request")
    async with Durable(url, facade, concurrency=0) as durable:
        params = {"a": 1, "b": 2}
        return await _rounds(lambda: durable.run("summing", "add", context, params), lambda: bare(1, 2))


async def _rounds(
    ours: Callable[[], Awaitable[Any]], bare: Callable[[], Awaitable[Any]], rounds: int = 7
) -> dict[str, float]:
    """Return the medians of alternating rounds, in CPU time of this process and elapsed."""
    taken: dict[str, list[float]] = {}
    for turn in range(rounds + 1):
        for name, call in (("ours", ours), ("bare", bare)):
            cpu, elapsed = time.process_time(), time.perf_counter()
            for _ in range(CALLS):
                await call()
            if turn:
                taken.setdefault(name, []).append((time.process_time() - cpu) / CALLS)
                taken.setdefault(f"{name} elapsed", []).append((time.perf_counter() - elapsed) / CALLS)
    return {name: sorted(values)[len(values) // 2] for name, values in taken.items()}


def _sizes(path: Path) -> dict[str, Counted]:
    """Return rows and bytes of payload and columns in the store, for a run of ours and a bare one."""
    connection = sqlite3.connect(path)
    try:
        per_kind: dict[str, list[float]] = {}
        for kind, where in (("ours", "name = 'orchestra.run'"), ("bare", "name LIKE 'bare %'")):
            runs = connection.execute(f"SELECT count(*) FROM workflow_status WHERE {where}").fetchone()[0]
            ids = f"SELECT workflow_uuid FROM workflow_status WHERE {where}"
            count = size = 0
            for table in ("workflow_status", "workflow_input", "workflow_output", "operation_outputs"):
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                length = " + ".join(f"coalesce(length(CAST({column} AS BLOB)), 0)" for column in columns)
                found = connection.execute(
                    f"SELECT count(*), sum({length}) FROM {table} WHERE workflow_uuid IN ({ids})"
                ).fetchone()
                count, size = count + found[0], size + found[1]
            per_kind[kind] = [count / runs, size / runs]
    finally:
        connection.close()
    ours, bare = per_kind["ours"], per_kind["bare"]
    return {"rows": Counted(ours[0], bare[0]), "bytes": Counted(ours[1], bare[1])}


def _seconds_an_order(url: str, workers: int) -> float:
    return asyncio.run(_work_off(url, workers))


async def _work_off(url: str, workers: int) -> float:
    from tests.durable.crashing.harness import Crew, Zygote

    with Zygote() as zygote, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pause").write_text(str(WAIT))
        async with Crew(zygote, url, Path(folder), workers, PLACES) as crew:
            started = time.perf_counter()
            names = [f"{workers} workers {number}" for number in range(ORDERS)]
            for name in names:
                await crew.order(name)
            for name in names:
                await crew.finished(name)
            return (time.perf_counter() - started) / ORDERS


@contextmanager
def _postgres() -> Iterator[Any]:
    from tests.support.postgres import OwnServer

    with OwnServer() as server:
        yield server
