"""Counters. Nothing exports them any more, but the dashboards still read ``snapshot()``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


class MetricsRegistry:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._counts: Counter[str] = Counter()

    def increment(self, name: str, by: int = 1) -> None:
        self._counts[f"{self.prefix}.{name}"] += by

    def value(self, name: str) -> int:
        return self._counts[f"{self.prefix}.{name}"]

    def snapshot(self) -> dict[str, int]:
        return dict(self._counts)

    def clear(self) -> None:
        self._counts.clear()


@dataclass
class MetricsOrchestrator:
    """Numbers that the status page shows for one orchestrator."""

    runs: int = 0
    failures: int = 0
    last_url: str | None = None
    durations: list[float] = field(default_factory=list)

    def failure_rate(self) -> float:
        return self.failures / self.runs if self.runs else 0.0
