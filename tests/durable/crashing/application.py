"""An application whose workers die where they are told to, and write down all that they do."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

from orchestra import BaseOrchestrator, OrchestrationLayer, background, operation

STEPS = ("reserve", "charge", "pack", "weigh", "send")
"""The steps of an order; ``pack`` and ``weigh`` are those of a nested run."""

POINTS = tuple(
    f"{where} {step}" for step in STEPS for where in ("before", "at the start of", "at the end of", "after")
)
"""Where a worker can die: at both borders of every step, and inside it before and after its work."""

SWEEPER = "sweeper"
"""What evidence calls the singleton task."""

LONG = 4.0
"""Seconds for which "block" blocks: more than two leases."""


class Evidence:
    """What happened, a line each, appended by all processes; and the one fate that waits for somebody."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = folder / "lines"

    def note(self, run: str, what: str) -> None:
        """Append a line of this process."""
        self.note_of(os.getpid(), run, what)

    def note_of(self, pid: int, run: str, what: str) -> None:
        """Append a line of a process in one write, so that processes do not mix theirs."""
        line = f"{time.time():.6f}\t{pid}\t{run}\t{what}\n".encode()
        descriptor = os.open(self._lines, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(descriptor, line)
        os.close(descriptor)

    @property
    def pause(self) -> float:
        """Seconds that each step waits for something; none unless there is a file that says so."""
        file = self.folder / "pause"
        return float(file.read_text()) if file.exists() else 0.0

    def read(self) -> list[tuple[float, int, str, str]]:
        """Return all lines: when, which process, which run, what."""
        if not self._lines.exists():
            return []
        rows = [line.split("\t") for line in self._lines.read_text().splitlines()]
        return [(float(row[0]), int(row[1]), row[2], row[3]) for row in rows]

    def plan(self, run: str, point: str, fate: str) -> None:
        """Say what happens to the process that comes to a point of a run first."""
        (self.folder / f"{run} {point}").write_text(fate)

    @property
    def tenant_limit(self) -> int | None:
        """How many runs a tenant may have at a time; no limit unless there is a file that says so."""
        file = self.folder / "tenant limit"
        return int(file.read_text()) if file.exists() else None

    @property
    def is_swept(self) -> bool:
        """Whether the application has a singleton task."""
        return (self.folder / "swept").exists()

    async def meet(self, run: str, point: str) -> None:
        """Suffer what is planned here, once: "SIGKILL", "SIGSTOP", or "block" the event loop for long; "hold"
        waits until it is lifted.
        """
        plan = self.folder / f"{run} {point}"
        if not plan.exists():
            return
        fate = plan.read_text()
        if fate == "hold":
            self.note(run, "holds")
            while plan.exists():
                await asyncio.sleep(0.01)
            return
        try:
            plan.unlink()
        except FileNotFoundError:  # somebody else came first
            return
        self.note(run, fate)
        if fate == "block":
            time.sleep(LONG)
            return
        os.kill(os.getpid(), getattr(signal, fate))

    def lift(self, run: str, point: str) -> None:
        """Let go who holds at a point."""
        (self.folder / f"{run} {point}").unlink(missing_ok=True)


class Orders(BaseOrchestrator):
    """Takes orders. The name of an order is what evidence calls the run."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(OrchestrationLayer.APPLICATION, "orders")
        self.evidence = evidence

    @operation(durable=True, version="1", default=True)
    async def order(self, name: str, amount: int) -> dict[str, Any]:
        """Run five steps, two of them nested; each result depends on the one before."""
        self.evidence.note(name, "enters")
        amount = await self._step(name, "reserve", amount)
        amount = await self._step(name, "charge", amount)
        packed = await self.runtime.facade.orchestrate("packing", name=name, amount=amount)
        amount = await self._step(name, "send", packed.unwrap())
        return {"name": name, "amount": amount}

    async def _step(self, name: str, step: str, amount: int) -> int:
        return await work(self, name, step, amount)


class OrdersOfTomorrow(Orders):
    """The next version: another step comes first, so that no journal of today fits."""

    @operation(durable=True, version="2", default=True)
    async def order(self, name: str, amount: int) -> dict[str, Any]:
        """Run the new step, and no other."""
        self.evidence.note(name, "enters")
        return {"name": name, "amount": await self._step(name, "greet", amount)}


class Packing(BaseOrchestrator):
    """Packs; a durable operation of its own, so that it is a nested run."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "packing")
        self.evidence = evidence

    @operation(durable=True, version="1")
    async def pack(self, name: str, amount: int) -> int:
        """Run two steps."""
        self.evidence.note(name, "enters")
        amount = await work(self, name, "pack", amount)
        return await work(self, name, "weigh", amount)


class Sweeper(BaseOrchestrator):
    """Sweeps, all the time, on one worker at a time."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(OrchestrationLayer.DOMAIN, "sweeper")
        self.evidence = evidence

    @operation
    async def look(self) -> bool:
        """Return whether there is something to sweep."""
        return True

    @background(interval=0.02, singleton=True)
    async def sweep(self) -> None:
        """Note when a round begins and ends."""
        self.evidence.note(SWEEPER, "begins sweep")
        await asyncio.sleep(0.02)
        self.evidence.note(SWEEPER, "ends sweep")


async def work(orchestrator: Any, name: str, step: str, amount: int) -> int:
    """Do one step of an order, with a point on each side of everything."""
    evidence = orchestrator.evidence

    async def run() -> int:
        evidence.note(name, f"begins {step}")
        await evidence.meet(name, f"at the start of {step}")
        await asyncio.sleep(evidence.pause)
        result = amount * 3 + len(step)
        evidence.note(name, f"ends {step}")
        await evidence.meet(name, f"at the end of {step}")
        return result

    await evidence.meet(name, f"before {step}")
    evidence.note(name, f"reaches {step}")
    result: int = await orchestrator.runtime.step(step, run)
    evidence.note(name, f"passes {step}")
    await evidence.meet(name, f"after {step}")
    return result


def undisturbed(name: str, amount: int) -> dict[str, Any]:
    """Return what an order comes to when nobody dies."""
    for step in STEPS:
        amount = amount * 3 + len(step)
    return {"name": name, "amount": amount}
