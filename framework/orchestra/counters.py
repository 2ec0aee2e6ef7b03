"""Plain counters that the hot path adds to and a collector reads."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

# Upper bounds in seconds, the ones that Prometheus clients use.
BOUNDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Counters:
    """What happened to the calls of one orchestrator."""

    __slots__ = ("buckets", "calls", "failures", "in_flight", "queue_seconds", "seconds")

    def __init__(self) -> None:
        self.calls = 0
        self.in_flight = 0
        self.failures: dict[str, int] = {}
        self.seconds = 0.0
        self.queue_seconds = 0.0
        self.buckets = [0] * (len(BOUNDS) + 1)

    def record(self, seconds: float) -> None:
        """Count a call that ended after so many seconds."""
        self.calls += 1
        self.seconds += seconds
        self.buckets[bisect_left(BOUNDS, seconds)] += 1

    def fail(self, category: str) -> None:
        """Count a failure of this category."""
        self.failures[category] = self.failures.get(category, 0) + 1

    def snapshot(self) -> dict[str, Any]:
        """Return plain values; ``duration_buckets`` maps the upper bound to the calls at or below it."""
        total = 0
        buckets: dict[str, int] = {}
        for bound, count in zip([*map(str, BOUNDS), "+Inf"], self.buckets, strict=True):
            total += count
            buckets[bound] = total
        return {
            "calls": self.calls,
            "failures": dict(self.failures),
            "in_flight": self.in_flight,
            "duration_seconds": self.seconds,
            "duration_buckets": buckets,
            "queue_seconds": self.queue_seconds,
        }
