"""Telemetry: events are buffered and flushed to exporters now and then."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import Any, Callable

BUFFER_LIMIT = 1000


class TelemetryOrchestrator:
    """Collects events."""

    def __init__(self, exporters=(), flush_interval: float = 10.0) -> None:
        self.exporters: list[Callable[[list[dict[str, Any]]], Any]] = list(exporters)
        self.flush_interval = flush_interval
        self.buffer: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.lost = 0
        self._running = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """RuntimeError without a running loop, on purpose."""
        if self._running:
            return
        loop = asyncio.get_running_loop()
        self._running = True
        self._task = loop.create_task(self._flush_loop())

    def stop(self) -> None:
        self._running = False
        if self._task:
            self._task.cancel()
            self._task = None

    def is_running(self) -> bool:
        return self._running

    def record(self, event: str, /, **fields: Any) -> None:
        """Any field is allowed, also ``event``."""
        if len(self.buffer) >= BUFFER_LIMIT:
            self.lost += 1
            return
        self.buffer.append({"name": event, **fields})
        self.counts[event] += 1

    async def flush(self) -> int:
        """Hand the buffer to all exporters. What an exporter raises is counted, not raised."""
        batch, self.buffer = self.buffer, []
        for exporter in self.exporters:
            try:
                answer = exporter(batch)
                if asyncio.iscoroutine(answer):
                    await answer
            except Exception:
                self.lost += len(batch)
        return len(batch)

    def totals(self) -> dict[str, int]:
        return dict(self.counts)

    async def _flush_loop(self) -> None:
        while self._running:
            if self.buffer:
                await self.flush()
            await asyncio.sleep(self.flush_interval)


_telemetry: TelemetryOrchestrator | None = None
_telemetry_lock = threading.Lock()


def get_telemetry_orchestrator() -> TelemetryOrchestrator:
    global _telemetry
    if _telemetry is None:
        with _telemetry_lock:
            if _telemetry is None:
                _telemetry = TelemetryOrchestrator()
    return _telemetry


def reset_telemetry_orchestrator() -> None:
    global _telemetry
    with _telemetry_lock:
        _telemetry = None
