"""Workers that are killed and replaced while runs go on, and what can be said about it afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from orchestra import OrchestrationContext
from orchestra.durable import DurableClient, Runs
from tests.durable.crashing.application import Evidence, undisturbed
from tests.durable.crashing.zygote import build_facade

ROOT = Path(__file__).parents[3]
LEASE = 1.5
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the runs of one row of the matrix."""

    what: str
    runs: int
    finished: int
    right: int
    steps: int
    redone: int
    twice: int
    slowest: float

    @property
    def is_good(self) -> bool:
        """Whether all finished with the right result, and nothing that was in a journal was redone."""
        return self.finished == self.runs == self.right and not self.redone

    @property
    def is_in_time(self) -> bool:
        """Whether each takeover came within the lease plus a second."""
        return self.slowest <= LEASE + 1.0


class Zygote:
    """Makes workers quickly; see :mod:`tests.durable.crashing.zygote`. A context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durable.crashing.zygote"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def fork(self, request: dict[str, Any]) -> int:
        """Make a worker and return its pid."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


class Crew:
    """Some workers on a store, and a client; a context manager that leaves nothing running."""

    def __init__(
        self,
        zygote: Zygote,
        url: str,
        folder: Path,
        workers: int = 3,
        concurrency: int = 1,
        lease: float = LEASE,
    ) -> None:
        self._zygote = zygote
        self._lease = lease
        self.url = url
        self.evidence = Evidence(folder)
        self.pids: dict[int, str] = {}
        self._workers = workers
        self._concurrency = concurrency
        self._woken: set[tuple[float, int]] = set()
        self.client = DurableClient(url, build_facade(self.evidence, "1"))
        self._orders: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        await self.client.open()
        await self.complete()
        return self

    async def __aexit__(self, *_: object) -> None:
        for pid in self.pids:
            for number in (signal.SIGKILL, signal.SIGCONT):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        await self.client.aclose()

    def start(self, version: str = "1") -> int:
        """Start a worker and return its pid."""
        request = {
            "url": self.url,
            "folder": str(self.evidence.folder),
            "version": version,
            "lease": self._lease,
            "concurrency": self._concurrency,
        }
        pid = self._zygote.fork(request)
        self.pids[pid] = version
        return pid

    def awake(self) -> set[int]:
        """Return the workers that have opened the store and neither died nor sleep."""
        serve = {pid for _, pid, _, what in self.evidence.read() if what == "serves" and _lives(pid)}
        return serve - {pid for _, pid in self._asleep()}

    def wake(self, pid: int) -> None:
        """Let a worker that was stopped go on."""
        self._woken |= {(at, one) for at, one in self._asleep() if one == pid}
        os.kill(pid, signal.SIGCONT)

    def _asleep(self) -> set[tuple[float, int]]:
        stopped = {(at, pid) for at, pid, _, what in self.evidence.read() if what == "SIGSTOP"}
        return stopped - self._woken

    async def complete(self) -> None:
        """Start workers until there are as many as there should be, and wait until they serve."""
        self.replace_the_dead()
        await self.until(lambda: len(self.awake()) >= self._workers, "workers to serve")

    def replace_the_dead(self) -> None:
        """Start a worker for each that died or sleeps."""
        asleep = {pid for _, pid in self._asleep()}
        able = [pid for pid in self.pids if _lives(pid) and pid not in asleep]
        for _ in range(self._workers - len(able)):
            self.start()

    async def order(self, name: str, tenant: str = "shop", key: str | None = None) -> str:
        """Enqueue an order and return the run's id. Its amount is the length of its name."""
        context = OrchestrationContext(tenant, "request", idempotency_key=key)
        run = await self.client.submit("orders", "order", context, name=name, amount=len(name))
        self._orders[name] = run
        return run

    async def finished(self, name: str) -> Any:
        """Wait for an order and return its result, replacing workers that die meanwhile."""
        waiting = asyncio.ensure_future(self.client.result(self._orders[name]))
        deadline = time.monotonic() + PATIENCE
        while not waiting.done() and time.monotonic() < deadline:
            await asyncio.wait({waiting}, timeout=0.1)
            self.replace_the_dead()
        if not waiting.done():
            waiting.cancel()
            raise TimeoutError(f"{name} did not finish: {self.evidence.read()}")
        return waiting.result()

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        """Wait until something is so; fail when it does not come."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited for {what}: {self.evidence.read()}")
            await asyncio.sleep(0.02)

    async def took_over_by_lease(self) -> None:
        """Wait until a peer has said of each killed worker that it took over when the lease ran out."""
        killed = {pid for _, pid, _, what in self.evidence.read() if what == "SIGKILL"}
        await self.until(
            lambda: all(map(self.said_to_have_been_taken_over, killed)), f"peers to take over from {killed}"
        )

    def said_to_have_been_taken_over(self, pid: int) -> bool:
        """Return whether a peer took runs over from a worker because its lease had run out."""
        said = [row[3] for row in self.evidence.read() if row[3].startswith("took over")]
        return any(f"-{pid}-" in what for what in said)

    def is_known(self, pid: int) -> bool:
        """Return whether a worker has told its peers that it lives."""
        return any(f"-{pid}-" in worker for worker in self.alive())

    def has_met(self, name: str, what: str) -> bool:
        """Return whether a line stands in the evidence."""
        return any(row[2:] == (name, what) for row in self.evidence.read())

    def show(self, name: str) -> Any:
        """Return a run as `orchestra runs show` sees it."""
        with Runs(self.url) as runs:
            return runs.show(self._orders[name])

    def alive(self) -> list[str]:
        """Return the names of the workers whose lease has not run out."""
        with Runs(self.url) as runs:
            return [worker["worker"] for worker in runs.workers()]

    def _journaled(self, name: str) -> list[Any]:
        with Runs(self.url) as runs:
            own = runs.show(self._orders[name])
            nested = [runs.show(step.child).steps for step in own.steps if step.child is not None]
        return [step for steps in (own.steps, *nested) for step in steps if step.child is None]

    async def verdict(self, what: str, names: list[str]) -> Verdict:
        """Judge the runs of a row from their results, their journals and the evidence."""
        results = {name: await self.finished(name) for name in names}
        right = sum(
            result.success and result.data["result"] == undisturbed(name, len(name))
            for name, result in results.items()
        )
        steps = redone = twice = 0
        slowest = 0.0
        for name in names:
            lines = [row for row in self.evidence.read() if row[2] == name]
            journal = self._journaled(name)
            steps += len(journal)
            for step in journal:
                begun = [(at, pid) for at, pid, _, line in lines if line == f"begins {step.name}"]
                twice += len(begun) - 1
                redone += sum(_is_redone(lines, step, at, pid) for at, pid in begun)
            slowest = max(slowest, _slowest(lines))
        return Verdict(what, len(names), len(results), right, steps, redone, twice, slowest)


def _is_redone(lines: list[tuple[float, int, str, str]], step: Any, at: float, pid: int) -> bool:
    """Return whether a process began a step although the journal had it when the process came to it.

    A step that anybody has passed is in the journal. The journal's own time, in milliseconds, is taken before
    the writing, which may wait: of it only those are judged that took the run up afterwards.
    """

    def last(what: str) -> float:
        return max(when for when, who, _, line in lines if who == pid and line == what and when <= at)

    passed = min((when for when, _, _, line in lines if line == f"passes {step.name}"), default=float("inf"))
    return last(f"reaches {step.name}") > passed or last("enters") > (step.ended or 0) + 0.002


def most_at_once(lines: list[tuple[float, int, str, str]]) -> int:
    """Return how many processes were at work on a step or a round at the same time, at most; one that is
    killed or stopped is at work no more.
    """
    most = 0
    busy: set[int] = set()
    for _, pid, _, what in sorted(lines):
        if what.startswith("begins "):
            busy.add(pid)
            most = max(most, len(busy))
        elif what.startswith("ends ") or what in ("SIGKILL", "SIGSTOP"):
            busy.discard(pid)
    return most


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _slowest(lines: list[tuple[float, int, str, str]]) -> float:
    """Return the seconds from a worker's end to the first sign of another on the same run, at most."""
    worst = 0.0
    for at, pid, _, what in lines:
        if what in ("SIGKILL", "SIGSTOP"):
            later = [other for other, who, _, _ in lines if other > at and who != pid]
            worst = max(worst, (min(later) - at) if later else 0.0)
    return worst
