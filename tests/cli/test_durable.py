"""`orchestra run --backend durable`, `orchestra worker` and `orchestra runs` on a project's own store."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestra.durable import Runs
from tests.cli.conftest import Orchestra
from tests.cli.test_output import check

ORDERS = """\
import asyncio
from pathlib import Path

from orchestrators import BaseOrchestrator, OrchestrationLayer, operation


class OrdersOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="orders")

    @operation(durable=True, version="1")
    async def place(self, name: str, waits: bool = False) -> str:
        await self.runtime.step("reserve", self._reserve, name)
        return await self.runtime.step("send", self._send, name, waits)

    @operation
    async def count(self) -> int:
        return 1

    def _reserve(self, name):
        with open("reserved", "a") as file:
            file.write(name + "\\n")

    async def _send(self, name, waits):
        try:
            while waits and not Path("may-send").exists():
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            Path("cleaned-up").touch()
            raise
        return name.upper()


def get_orchestrator():
    return OrdersOrchestrator()
"""


@pytest.fixture
def shop(orchestra: Orchestra, project: Path) -> Path:
    assert orchestra("init").code == 0
    assert orchestra("new", "domain", "orders", "--operation", "place").code == 0
    (project / "orchestrators" / "domain" / "orders.py").write_text(ORDERS)
    return project


@contextmanager
def worker(project: Path, *options: str, queue: str = "orders@1") -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-m", "orchestra_cli", "worker", "--lease", "1", *options]
    with subprocess.Popen(arguments, cwd=project, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert f"serves {queue}" in process.stderr.readline()
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)


def until(condition: Any) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def place(orchestra: Orchestra, name: str, *more: str) -> Any:
    return orchestra(
        "run", "orders", "--operation", "place", "-p", f"name={name}", "--backend", "durable", *more
    )


def test_a_run_on_the_store_answers_like_one_in_process_and_the_same_key_does_not_run_again(
    orchestra: Orchestra, shop: Path
) -> None:
    for _ in range(2):
        done = place(orchestra, "a", "--idempotency-key", "k", "--output-format", "json")
        assert done.code == 0
        assert check(json.loads(done.out))["data"] == {"result": "A"}
    assert (shop / "reserved").read_text() == "a\n"
    done = place(orchestra, "b", "--idempotency-key", "k")
    assert (done.code, done.out) == (2, "")
    assert "error[idempotency-conflict]" in done.err
    assert (shop / ".orchestra" / ".gitignore").read_text() == "*\n"
    prune = ("runs", "prune", "--older-than")
    assert orchestra(*prune, "1").out == "deleted 0 finished runs\n"
    named = check(json.loads(orchestra(*prune, "0", "--dry-run", "--output-format", "json").out))
    assert (len(named["runs"]), named["deleted"]) == (1, False)
    assert orchestra(*prune, "0").out == "deleted 1 finished run\n"


def test_a_worker_in_whose_project_nothing_is_durable_says_so(orchestra: Orchestra, shop: Path) -> None:
    file = shop / "orchestrators" / "domain" / "orders.py"
    file.write_text(ORDERS.replace('@operation(durable=True, version="1")', "@operation"))
    done = orchestra("worker")
    assert (done.code, done.out) == (2, "")
    assert "error[nothing-durable]" in done.err
    assert "hint: Mark one: @operation(durable=True)" in done.err


def test_a_detached_run_waits_for_a_worker_is_cancelled_in_its_step_and_goes_on_when_resumed(
    orchestra: Orchestra, shop: Path
) -> None:
    done = place(orchestra, "a", "--detach", "-p", "waits=true")
    run = done.out.strip()
    assert "no worker serves orders@1 now" in done.err
    with Runs(f"sqlite:///{shop / '.orchestra' / 'runs.sqlite'}") as runs:
        waiting = runs.show(run)
        assert (waiting.state, waiting.served, waiting.steps) == ("queued", False, ())
        with worker(shop):
            until(lambda: any(step.ended is None for step in runs.show(run).steps))
            running = check(json.loads(orchestra("runs", "show", run, "--output-format", "json").out))["run"]
            assert running["state"] == "running"
            assert [step["name"] for step in running["steps"]] == ["reserve", "send"]
            assert "error[not-resumable]" in orchestra("runs", "resume", run).err
            cancelled = check(json.loads(orchestra("runs", "cancel", run, "--output-format", "json").out))
            assert cancelled["run"]["state"] == "cancelled"
            until((shop / "cleaned-up").exists)
            (shop / "may-send").touch()
            check(json.loads(orchestra("runs", "resume", run, "--output-format", "json").out))
            until(lambda: runs.show(run).state == "succeeded")
            late = orchestra("runs", "cancel", run)
            assert late.code == 1
            assert "came too late: the run had succeeded" in late.err
        assert (shop / "reserved").read_text() == "a\n"
        until(lambda: runs.workers() == [])
    listed = check(json.loads(orchestra("runs", "ls", "--state", "succeeded", "--output-format", "json").out))
    assert [row["id"] for row in listed["runs"]] == [run]


PARCELS = """\
import asyncio
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from orchestrators import BaseOrchestrator, OrchestrationLayer, background, operation


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


@dataclass
class Parcel:
    size: Size
    due: date


class OrdersOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="orders")

    @operation(durable=True, version="1")
    async def ship(self, parcel: Parcel, on: date) -> str:
        await self.runtime.step("outer", self._note, "outer")
        inner = await self.runtime.facade.orchestrate("orders", operation="pack", parcel=parcel, on=on)
        return inner.unwrap()

    @operation(durable=True, version="1")
    async def pack(self, parcel: Parcel, on: date) -> str:
        await self.runtime.step("inner", self._note, "inner")
        await self.runtime.step("wait", self._wait)
        return f"{parcel.size.name} {parcel.due:%d.%m.} {on:%d.%m.}"

    def _note(self, text):
        with open("noted", "a") as file:
            file.write(text + "\\n")

    @background(interval=3600, singleton=True)
    async def sweep(self):
        Path("swept").touch()

    async def _wait(self):
        Path("waits").touch()
        while not Path("may-send").exists():
            await asyncio.sleep(0.01)


def get_orchestrator():
    return OrdersOrchestrator()
"""


def test_typed_parameters_and_a_nested_run_survive_the_sudden_death_of_their_worker(
    orchestra: Orchestra, shop: Path
) -> None:
    (shop / "orchestrators" / "domain" / "orders.py").write_text(PARCELS)
    with worker(shop):  # background tasks run whether there are runs or not
        until((shop / "swept").exists)
    parcel = json.dumps({"size": "LARGE", "due": "2026-02-01"})
    asked = ("run", "orders", "--operation", "ship", "-p", f"parcel={parcel}", "-p", "on=2026-01-31")
    run = orchestra(*asked, "--backend", "durable", "--detach").out.strip()
    with Runs(f"sqlite:///{shop / '.orchestra' / 'runs.sqlite'}") as runs:
        with worker(shop):
            until((shop / "waits").exists)
            (name,) = [one["worker"] for one in runs.workers()]
            os.kill(int(name.split("-")[-2]), signal.SIGKILL)
        assert runs.show(run).state == "running"
        (shop / "may-send").touch()
        with worker(shop):
            until(lambda: runs.show(run).state == "succeeded")
        assert (runs.show(run).result or {})["data"] == {"result": "LARGE 01.02. 31.01."}
    assert (shop / "noted").read_text() == "outer\ninner\n"


def test_a_run_that_no_worker_has_is_an_error_and_waits(orchestra: Orchestra, shop: Path) -> None:
    with worker(shop):
        file = shop / "orchestrators" / "domain" / "orders.py"
        file.write_text(ORDERS.replace('version="1"', 'version="2"'))
        done = place(orchestra, "a", "--detach")
        run = done.out.strip()
        assert done.code == 1
        assert f"error[run-not-served]: run {run} waits, but of 1 workers none serves orders@2" in done.err
    arguments = [sys.executable, "-m", "orchestra_cli", "worker", "--lease", "1"]
    with worker(shop, queue="orders@2"):
        until(lambda: "succeeded" in orchestra("runs", "show", run).out)
    file.write_text(ORDERS)
    left = place(orchestra, "b", "--detach")
    assert left.code == 0
    file.write_text(ORDERS.replace('version="1"', 'version="3"'))
    with subprocess.Popen(arguments, cwd=shop, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "serves orders@3" in process.stderr.readline()
        assert "1 run of orders@1 waits: no worker has it, nor does this one" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_a_run_whose_deadline_passed_is_resumed_with_a_new_one(orchestra: Orchestra, shop: Path) -> None:
    run = place(orchestra, "a", "--detach", "--timeout", "3").out.strip()
    assert orchestra("runs", "cancel", run).code == 0
    with Runs(f"sqlite:///{shop / '.orchestra' / 'runs.sqlite'}") as runs:
        until(lambda: time.time() > (runs.show(run).deadline or 0))
        refused = orchestra("runs", "resume", run)
        assert (refused.code, refused.out) == (2, "")
        assert "error[deadline-passed]" in refused.err
        assert f"hint: Give it a new one: orchestra runs resume {run} --timeout SECONDS" in refused.err
        assert orchestra("runs", "resume", run, "--timeout", "60").code == 0
        with worker(shop):
            until(lambda: runs.show(run).state == "succeeded")


def test_a_worker_whose_command_line_is_killed_hands_over(orchestra: Orchestra, shop: Path) -> None:
    run = place(orchestra, "a", "--detach", "-p", "waits=true").out.strip()
    with Runs(f"sqlite:///{shop / '.orchestra' / 'runs.sqlite'}") as runs, worker(shop) as process:
        until((shop / "reserved").exists)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        until(lambda: runs.show(run).state == "queued")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--operation", "place", "-p", "nmae=x", "--backend", "durable"], "wrong-parameters"),
        (["--operation", "palce", "--backend", "durable"], "operation-not-found"),
        (["--operation", "place", "--params", "{", "--backend", "durable"], "malformed-parameter"),
        (["--operation", "count", "--backend", "durable"], "not-durable"),
        (["--operation", "place", "-p", "name=x", "--detach"], "invalid-value"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_run_is_said_before_anything_is_enqueued(
    orchestra: Orchestra, shop: Path, arguments: list[str], code: str
) -> None:
    done = orchestra("run", "orders", *arguments)
    assert (done.code, done.out) == (2, "")
    assert f"error[{code}]" in done.err
    assert "hint: " in done.err


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://host/base", "store-url"),
        ("runs.sqlite", "store-url"),
        ("sqlite://", "store-url"),
        ("postgresql://nobody@127.0.0.1:1/base", "store-unreachable"),
        ("sqlite:////nowhere/at/all/runs.sqlite", "store-unreachable"),
        ("sqlite:///pyproject.toml", "store-version"),
    ],
)
def test_a_store_that_cannot_be_used_is_a_clear_error(
    orchestra: Orchestra, shop: Path, url: str, code: str
) -> None:
    done = orchestra("runs", "ls", "--store", url)
    assert (done.code, done.out) == (2, "")
    assert f"error[{code}]" in done.err
