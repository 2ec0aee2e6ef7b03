"""What is known of DBOS beyond its public interface still holds, and what a store promises is kept."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from orchestra import (
    InvalidOptionError,
    MissingExtraError,
    NotSerializableError,
    OrchestrationContext,
    OrchestrationFacade,
    operation,
)
from orchestra.durable import Durable, DurableClient, Runs, Store
from orchestra.durable.engine import hand_over
from orchestra.durable.errors import RunCancelledError, StoreVersionError
from orchestra.durable.file_systems import network_file_system_of
from orchestra.durable.heartbeat import Heartbeat
from orchestra.durable.leases import Leases
from orchestra.durable.names import queue_of
from orchestra.durable.places import Places
from orchestra.durable.singletons import Singletons
from orchestra.testing.conformance import ConformanceOrchestrator


class Waiting(ConformanceOrchestrator):
    """Waits in a step until it is told to go on, and notes that it cleaned up."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go = asyncio.Event()
        self.waits = asyncio.Event()
        self.cleaned_up = False

    @operation(durable=True, version="1")
    async def wait(self, text: str) -> str:
        await self.runtime.step("before", self._note, text)
        return str(await self.runtime.step("wait", self._wait, text))

    @operation(durable=True, version="1")
    async def wait_in_a_nested_run(self, text: str) -> Any:
        return (await self.runtime.facade.orchestrate("conformance", operation="wait", text=text)).data

    @operation(durable=True, version="1")
    async def other_steps(self, text: str) -> str:
        return str(await self.runtime.step("other", self._note, text))

    async def _wait(self, text: str) -> str:
        self.waits.set()
        try:
            await self.may_go.wait()
        except asyncio.CancelledError:
            self.cleaned_up = True
            raise
        return text.upper()


@pytest.fixture
def orchestrator() -> Waiting:
    return Waiting()


@pytest.fixture
def facade(orchestrator: Waiting) -> OrchestrationFacade:
    found = OrchestrationFacade()
    found.register(orchestrator)
    return found


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; fail when it does not come."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)


CONTEXT = OrchestrationContext("me", "r")


@pytest.mark.asyncio
async def test_only_one_of_two_takes_a_run_from_a_dead_worker(
    sqlite_url: str, facade: OrchestrationFacade, orchestrator: Waiting
) -> None:
    async with Durable(sqlite_url, facade, polling=0.02) as durable:
        run = await durable.submit("conformance", "wait", CONTEXT, text="a")
        await orchestrator.waits.wait()
        queue = queue_of("conformance", "1")
        taken = [
            await asyncio.to_thread(hand_over, durable.engine_client, run, worker, queue, "me")
            for worker in ("another", durable.name, durable.name)
        ]
        orchestrator.may_go.set()
        assert (await durable.result(run)).data == {"result": "A"}
    assert taken == [False, True, False]
    assert orchestrator.done == ["a"]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["wait", "wait_in_a_nested_run"])
async def test_a_cancelled_run_cleans_up_and_goes_on_when_resumed(
    store_url: str, facade: OrchestrationFacade, orchestrator: Waiting, name: str
) -> None:
    async with Durable(store_url, facade, polling=0.02, lease=1.0) as durable:
        run = await durable.submit("conformance", name, CONTEXT, text="a")
        await orchestrator.waits.wait()
        with Runs(store_url) as runs:
            await asyncio.to_thread(runs.cancel, run)
            with pytest.raises(RunCancelledError):
                await durable.result(run)
            await until(lambda: orchestrator.cleaned_up)
            orchestrator.may_go.set()
            await asyncio.to_thread(runs.resume, run)
        result = await durable.result(run)
    assert result.success, result
    assert result.unwrap() in ("A", {"result": "A"})
    assert orchestrator.done == ["a"]


@pytest.mark.asyncio
async def test_awaiting_a_run_that_somebody_cancels_raises_and_cancels_nothing_else(
    sqlite_url: str, facade: OrchestrationFacade, orchestrator: Waiting
) -> None:
    async with Durable(sqlite_url, facade, concurrency=0, lease=1.0) as durable:
        waiting = asyncio.create_task(durable.run("conformance", "wait", CONTEXT, {"text": "a"}))
        await orchestrator.waits.wait()
        with Runs(sqlite_url) as runs:
            (run,) = await asyncio.to_thread(runs.find)
            await asyncio.to_thread(runs.cancel, run.id)
        with pytest.raises(RunCancelledError):
            await waiting
        assert not waiting.cancelling()
        assert (await durable.run("conformance", "add", CONTEXT, {"a": 1, "b": 2})).unwrap() == 3


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["wait", "wait_in_a_nested_run"])
async def test_a_run_whose_caller_goes_away_goes_on_without_it(
    sqlite_url: str, facade: OrchestrationFacade, orchestrator: Waiting, name: str
) -> None:
    async with Durable(sqlite_url, facade, polling=0.02) as durable:
        waiting = asyncio.create_task(durable.run("conformance", name, CONTEXT, {"text": "a"}))
        await orchestrator.waits.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        orchestrator.may_go.set()
        with Runs(sqlite_url) as runs:
            (run,) = await asyncio.to_thread(runs.find)
        async with asyncio.timeout(30):
            result = await durable.result(run.id)
    assert result.unwrap() in ("A", {"result": "A"})
    assert orchestrator.done == ["a"]


@pytest.mark.asyncio
async def test_a_deadline_that_passes_is_a_failure_and_leaves_no_nested_run_behind(
    sqlite_url: str, facade: OrchestrationFacade, orchestrator: Waiting
) -> None:
    async with Durable(sqlite_url, facade, concurrency=0) as durable:
        context = CONTEXT.with_timeout(0.5)
        result = await durable.run("conformance", "wait_in_a_nested_run", context, {"text": "a"})
        assert (result.success, result.error_category.name) == (False, "TIMEOUT")
        with Runs(sqlite_url) as runs:
            (run,) = await asyncio.to_thread(runs.find)
            (nested,) = [step for step in runs.show(run.id).steps if step.child]
            assert nested.child is not None
            assert (run.state, runs.show(nested.child).state) == ("failed", "cancelled")


@pytest.mark.asyncio
async def test_a_journal_that_does_not_fit_stops_the_run_which_can_go_on_with_the_code_that_fits(
    sqlite_url: str, facade: OrchestrationFacade, orchestrator: Waiting
) -> None:
    async with Durable(sqlite_url, facade, polling=0.02) as durable:
        run = await durable.submit("conformance", "wait", CONTEXT, text="a")
        await orchestrator.waits.wait()

    class Changed(Waiting):
        @operation(durable=True, version="2")
        async def wait(self, text: str) -> str:
            return str(await self.runtime.step("another name", self._note, text))

    changed = OrchestrationFacade()
    changed.register(Changed())
    with Runs(sqlite_url) as runs:
        assert (runs.show(run).state, runs.show(run).served) == ("queued", False)
        runs.resume(run, on_version="2")
        async with Durable(sqlite_url, changed, polling=0.02):
            await until(lambda: runs.show(run).state == "stopped")
        assert "step 1 is 'before' in the journal and 'another name' in the code" in str(runs.show(run).why)
        runs.resume(run, on_version="1")
        orchestrator.may_go.set()
        async with Durable(sqlite_url, facade, polling=0.02) as durable:
            assert (await durable.result(run)).data == {"result": "A"}
    assert orchestrator.done == ["a"]


@pytest.mark.asyncio
async def test_there_is_one_durable_backend_in_a_process(
    sqlite_url: str, facade: OrchestrationFacade
) -> None:
    async with Durable(sqlite_url, facade):
        with pytest.raises(InvalidOptionError, match="Another durable backend is open"):
            await Durable(sqlite_url, facade).open()
    async with Durable(sqlite_url, facade) as durable:
        assert (await durable.run("conformance", "add", CONTEXT, {"a": 1, "b": 2})).unwrap() == 3


@pytest.mark.asyncio
async def test_a_tenant_limit_holds_for_all_workers_of_the_store(postgres_url: str) -> None:
    orchestrator = Waiting()
    facade = OrchestrationFacade(tenant_limit=1)
    facade.register(orchestrator)
    async with Durable(postgres_url, facade, polling=0.02) as durable:
        first = await durable.submit("conformance", "wait", CONTEXT, text="a")
        await orchestrator.waits.wait()
        second = await durable.submit("conformance", "wait", CONTEXT, text="b")
        other = await durable.submit("conformance", "note", OrchestrationContext("you", "r"), text="c")
        assert (await durable.result(other)).success
        with Runs(postgres_url) as runs:
            assert runs.show(second).state == "queued"
        orchestrator.may_go.set()
        assert [(await durable.result(run)).data["result"] for run in (first, second)] == ["A", "B"]


@pytest.mark.asyncio
async def test_only_runs_that_ended_long_ago_are_pruned_with_all_that_belongs_to_them(
    store_url: str, facade: OrchestrationFacade, orchestrator: Waiting
) -> None:
    import sqlalchemy as sa

    orchestrator.may_go.set()
    async with Durable(store_url, facade, concurrency=0) as durable:
        await durable.run("conformance", "wait_in_a_nested_run", CONTEXT, {"text": "a"})
        await durable.run("conformance", "fail", CONTEXT, {"reason": "x"})
        queued, cancelled, stopped = [
            await durable.submit("conformance", "wait", CONTEXT, text=text) for text in "bcd"
        ]

    def look() -> tuple[dict[str, str], list[str]]:
        with Runs(store_url) as runs:
            return {run.id: run.state for run in runs.find()}, runs.finished_before(time.time() + 60)

    with Runs(store_url) as runs:
        runs.cancel(cancelled)
        runs.cancel(stopped)
        runs._client.update_workflow_attributes(stopped, {"stopped": "why", "queue": "conformance@1"})
        before, ended = look()
        assert sorted(before[run] for run in ended) == ["cancelled", "failed", "succeeded"]
        assert runs.prune(time.time() - 60) == []
        assert look() == (before, ended)
        assert runs.prune(time.time() + 60) == ended
        assert look() == ({queued: "queued", stopped: "stopped"}, [])
    store = Store(store_url)
    engine = store.engine()
    schema = "" if store.is_sqlite else "orchestra."
    with engine.connect() as connection:
        for table in ("operation_outputs", "workflow_output"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {schema}{table}")).scalar() == 0
        assert connection.execute(sa.text(f"SELECT count(*) FROM {schema}workflow_status")).scalar() == 2
    engine.dispose()


class Size(StrEnum):
    SMALL = "s"
    LARGE = "l"


@dataclass(frozen=True)
class Parcel:
    size: Size
    due: date
    weights: tuple[Decimal, ...] = ()


class Shipping(ConformanceOrchestrator):
    @operation(durable=True)
    async def ship(self, parcel: Parcel, sizes: list[Size], at: datetime, label: Any = None) -> str:
        return repr((parcel, sizes, at, label))


@pytest.mark.asyncio
async def test_parameters_come_back_as_their_annotations_say_or_are_refused_by_name(
    store_url: str,
) -> None:
    facade = OrchestrationFacade()
    facade.register(Shipping())
    parcel = Parcel(Size.LARGE, date(2026, 1, 31), (Decimal("1.50"),))
    given = {"parcel": parcel, "sizes": [Size.SMALL], "at": datetime(2026, 1, 31, 12, tzinfo=UTC)}
    async with Durable(store_url, facade, polling=0.02) as durable:
        expected = repr((*given.values(), None))
        assert (await durable.run("conformance", "ship", CONTEXT, given)).unwrap() == expected
        run = await durable.submit("conformance", "ship", CONTEXT, **given)
        assert (await durable.result(run)).unwrap() == expected
        for label in (parcel, Size.SMALL, [Size.SMALL], object()):
            with pytest.raises(NotSerializableError, match="'label"):
                await durable.submit("conformance", "ship", CONTEXT, **given, label=label)
        elsewhere = datetime(2026, 1, 31, tzinfo=ZoneInfo("Europe/Paris"))
        with pytest.raises(NotSerializableError, match="'at'"):
            await durable.submit("conformance", "ship", CONTEXT, **{**given, "at": elsewhere})


def test_a_store_of_a_newer_version_is_left_alone(sqlite_url: str) -> None:
    import sqlalchemy as sa

    store = Store(sqlite_url)
    store.open()
    engine = store.engine()
    with engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO orchestra_layout VALUES (99)"))
    engine.dispose()
    with pytest.raises(StoreVersionError, match="newer version"):
        store.open()


def test_a_sqlite_file_of_something_else_is_left_alone(sqlite_url: str) -> None:
    import sqlalchemy as sa

    store = Store(sqlite_url)
    engine = store.engine()
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE somebody_elses (x)"))
    with pytest.raises(StoreVersionError, match="holds tables of something else"):
        store.open()
    assert sa.inspect(engine).get_table_names() == ["somebody_elses"]
    engine.dispose()


def test_the_password_of_a_store_is_not_shown() -> None:
    store = Store("postgresql://me:secret@host/base")
    assert "secret" in store.url
    assert "secret" not in str(store)


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("server:/data /data nfs4 rw 0 0\n", "nfs4"),
        ("/dev/sda / ext4 rw 0 0\nserver:/data /data nfs4 rw 0 0\n/dev/sdb /data/local xfs rw 0 0\n", "nfs4"),
        ("/dev/sda / ext4 rw 0 0\nserver:/other /other nfs rw 0 0\n", None),
        ("server:/ / nfs rw 0 0\n/dev/sdb /data ext4 rw 0 0\n", None),
        ("//server/share /da\\164a cifs rw 0 0\n", "cifs"),
        ("", None),
    ],
)
def test_a_sqlite_file_on_a_network_file_system_is_recognised(mounts: str, expected: str | None) -> None:
    assert network_file_system_of(Path("/data/runs.sqlite"), mounts) == expected


@pytest.mark.asyncio
async def test_the_engine_writes_nothing_to_the_console(
    sqlite_url: str, facade: OrchestrationFacade, capfd: pytest.CaptureFixture[str]
) -> None:
    async with Durable(sqlite_url, facade) as durable:
        await durable.run("conformance", "fail", CONTEXT, {"reason": "x"})
    out, err = capfd.readouterr()
    assert out == ""
    assert "DBOS" not in err
    assert all(isinstance(one, logging.NullHandler) for one in logging.getLogger("dbos").handlers)


@pytest.mark.asyncio
async def test_a_worker_starts_and_stops_while_others_write_for_longer_than_its_lease(
    sqlite_url: str, facade: OrchestrationFacade
) -> None:
    Store(sqlite_url).open()
    path = sqlite_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(1.5, other.execute, ("ROLLBACK",)).start()
        async with Durable(sqlite_url, facade, lease=0.5) as durable:
            result = await durable.run("conformance", "add", CONTEXT, {"a": 1, "b": 2})
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(1.5, other.execute, ("ROLLBACK",)).start()
        assert result.unwrap() == 3
    with Runs(sqlite_url) as runs:
        assert runs.workers() == []


@pytest.mark.asyncio
async def test_a_client_enqueues_without_serving(sqlite_url: str, facade: OrchestrationFacade) -> None:
    async with DurableClient(sqlite_url, facade) as client:
        run = await client.submit("conformance", "add", CONTEXT, a=1, b=2)
    with Runs(sqlite_url) as runs:
        assert (runs.show(run).state, runs.workers()) == ("queued", [])
    async with Durable(sqlite_url, facade, polling=0.02) as durable:
        assert (await durable.result(run)).unwrap() == 3


@pytest.mark.parametrize("name", ["Durable", "DurableClient", "Runs", "Store"])
def test_without_the_extra_whoever_asks_is_told_how_to_install_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import orchestra.durable

    monkeypatch.setattr("orchestra.durable.extra.find_spec", lambda _: None)
    monkeypatch.delitem(vars(orchestra.durable), name, raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'orchestra-framework\[durable\]'"):
        getattr(orchestra.durable, name)


def test_the_framework_alone_loads_nothing_of_the_engine() -> None:
    script = (
        "import sys, orchestra, orchestra.durable; orchestra.OrchestrationFacade; orchestra.Ref; "
        "sys.exit('dbos' in sys.modules or 'sqlalchemy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


Beat = Callable[[float], set[str]]


@pytest_asyncio.fixture
async def beating(
    sqlite_url: str, facade: OrchestrationFacade, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Heartbeat, Leases, Beat]]:
    """A heartbeat with a lease of 10 s on a clock of its own, and what lets it beat once.

    That takes how many seconds the store takes to take the lease, and returns who has one then.
    """
    clock: Any = SimpleNamespace(now=100.0, monotonic=lambda: clock.now)
    monkeypatch.setattr("orchestra.durable.heartbeat.time", clock)
    async with DurableClient(sqlite_url, facade) as client:
        connections = client.store.engine()
        leases = Leases(connections)
        wake = threading.Event()
        places = Places(connections, "me", wake.set)
        singletons = Singletons(places, asyncio.get_running_loop(), wake.set)
        heartbeat = Heartbeat(
            connections, client.engine_client, "me", lease=10.0, serves=(),
            running=dict, cancelled=lambda _: None, pace=lambda _: None,
            places=places, singletons=singletons, wake=wake,
        )  # fmt: skip
        write = Leases.renew

        def beat(seconds: float) -> set[str]:
            def renew(leases: Leases, *lease: Any) -> None:
                write(leases, *lease)
                clock.now += seconds

            with monkeypatch.context() as patched:
                patched.setattr(Leases, "renew", renew)
                heartbeat._beat()
            return leases.known()

        yield heartbeat, leases, beat
        connections.dispose()


@pytest.mark.asyncio
async def test_a_worker_whose_store_was_away_while_it_wrote_its_lease_lets_its_peers_wake_first(
    beating: tuple[Heartbeat, Leases, Beat],
) -> None:
    _, leases, beat = beating
    beat(0.0)
    leases.renew("peer", -1.0, (), {})
    assert beat(20.0) == {"me", "peer"}
    assert beat(9.0) == {"me", "peer"}
    assert beat(2.0) == {"me"}


@pytest.mark.asyncio
async def test_a_worker_that_starts_when_the_store_is_back_lets_its_peers_wake_first(
    beating: tuple[Heartbeat, Leases, Beat],
) -> None:
    heartbeat, leases, beat = beating
    leases.renew("peer", -1.0, (), {})
    heartbeat.announce()
    assert beat(0.0) == {"me", "peer"}
    assert beat(9.0) == {"me", "peer"}
    assert beat(2.0) == {"me"}


@pytest.mark.asyncio
async def test_a_worker_looks_again_in_the_moment_in_which_a_lease_ends(
    beating: tuple[Heartbeat, Leases, Beat],
) -> None:
    heartbeat, leases, beat = beating
    leases.renew("peer", 4.0, (), {})
    beat(0.0)
    assert 103.0 < heartbeat._next_death <= 104.1
