"""Monitoring across all parts of the bot."""

from __future__ import annotations

import asyncio
import logging
import statistics
from collections import deque
from typing import Any, Awaitable, Callable

from content_bot.models import Severity

logger = logging.getLogger(__name__)

Probe = Callable[[], Awaitable[float]]


class RealTimeMonitoringOrchestrator:
    """Watches probes of several components, each at its own pace.

    Listeners are told about values that stand out.
    """

    WINDOW = 20

    def __init__(self, probes: dict[str, Probe] | None = None, interval: float = 5.0) -> None:
        self.probes: dict[str, Probe] = dict(probes or {})
        self.interval = interval
        self.values: dict[str, deque[float]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._listeners: list[Callable[[str, float, Severity], Any]] = []
        self._errors: dict[str, int] = {}
        self._pulse_count = 0

    def add_probe(self, name: str, probe: Probe) -> None:
        if name in self.probes:
            raise ValueError(f"probe {name} exists")
        self.probes[name] = probe

    def subscribe(self, listener: Callable[[str, float, Severity], Any]) -> Callable[[], None]:
        """Returns a function that unsubscribes."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            self._listeners.remove(listener)

        return unsubscribe

    async def start(self, pulse: float | None = None) -> int:
        """Start one task per probe, and a pulse when asked; returns how many run."""
        for name in self.probes:
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(self._watch(name))

        if pulse is not None and "pulse" not in self._tasks:

            async def beat():
                while True:
                    self._pulse_count += 1
                    await asyncio.sleep(pulse)

            self._tasks["pulse"] = asyncio.create_task(beat())
        return len(self._tasks)

    async def stop(self) -> None:
        """Cancel every task and wait for it."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    async def sample(self, name: str) -> float:
        """Ask one probe now."""
        value = await self.probes[name]()
        self._record(name, value)
        return value

    async def sample_all(self) -> dict[str, float]:
        names = list(self.probes)
        values = await asyncio.gather(*(asyncio.create_task(self.sample(name)) for name in names))
        return dict(zip(names, values))

    def report(self) -> dict[str, dict[str, float]]:
        return {
            name: {"last": values[-1], "mean": round(statistics.fmean(values), 3), "samples": len(values)}
            for name, values in self.values.items()
            if values
        }

    def pulses(self) -> int:
        return self._pulse_count

    async def _watch(self, name: str) -> None:
        while True:
            try:
                await self.sample(name)
            except Exception as error:
                logger.warning("probe %s failed: %s", name, error)
                self._errors[name] = self._errors.get(name, 0) + 1
            await asyncio.sleep(self.interval)

    def _record(self, name: str, value: float) -> None:
        window = self.values.setdefault(name, deque(maxlen=self.WINDOW))
        severity = self._severity(window, value)
        window.append(value)
        if severity is not Severity.INFO:
            for listener in list(self._listeners):
                listener(name, value, severity)

    def _severity(self, window: deque[float], value: float) -> Severity:
        if len(window) < 3:
            return Severity.INFO
        middle = statistics.fmean(window)
        distance = abs(value - middle)
        if distance > abs(middle):
            return Severity.CRITICAL
        return Severity.WARNING if distance > abs(middle) / 2 else Severity.INFO


_orchestrator: RealTimeMonitoringOrchestrator | None = None


def get_orchestrator(auto_create: bool = False) -> RealTimeMonitoringOrchestrator | None:
    global _orchestrator
    if _orchestrator is None and auto_create:
        _orchestrator = RealTimeMonitoringOrchestrator()
    return _orchestrator


def set_orchestrator(orchestrator: RealTimeMonitoringOrchestrator | None) -> None:
    global _orchestrator
    _orchestrator = orchestrator
