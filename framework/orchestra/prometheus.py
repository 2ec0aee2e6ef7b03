"""The counters as a Prometheus collector, with the extra ``prometheus``. Reading them is all it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestra.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestra.facade import OrchestrationFacade

_NAME = ["orchestrator"]


class OrchestraCollector:
    """Collects from a facade: ``registry.register(OrchestraCollector(facade))``.

    Raises MissingExtraError when prometheus-client is not installed.
    """

    def __init__(self, facade: OrchestrationFacade) -> None:
        try:
            from prometheus_client import core
        except ImportError as error:
            raise MissingExtraError(
                "OrchestraCollector needs prometheus-client",
                hint="Install it: pip install 'orchestra-framework[prometheus]'",
                extra="prometheus",
            ) from error
        self._core: Any = core
        self._facade = facade

    def collect(self) -> Iterator[Any]:
        """Yield the metric families; called by the registry at each scrape."""
        core = self._core
        calls = core.CounterMetricFamily("orchestra_calls", "Calls that ended", labels=_NAME)
        failures = core.CounterMetricFamily(
            "orchestra_failures", "Calls that failed, by category", labels=["orchestrator", "category"]
        )
        in_flight = core.GaugeMetricFamily("orchestra_in_flight", "Calls in progress", labels=_NAME)
        queue = core.CounterMetricFamily(
            "orchestra_queue_seconds", "Time that calls waited for a tenant's place", labels=_NAME
        )
        duration = core.HistogramMetricFamily(
            "orchestra_call_duration_seconds", "How long calls took", labels=_NAME
        )
        restarts = core.CounterMetricFamily(
            "orchestra_background_restarts", "Restarts of background tasks", labels=["orchestrator", "task"]
        )
        for name, one in self._facade.metrics()["orchestrators"].items():
            calls.add_metric([name], one["calls"])
            in_flight.add_metric([name], one["in_flight"])
            queue.add_metric([name], one["queue_seconds"])
            duration.add_metric([name], list(one["duration_buckets"].items()), one["duration_seconds"])
            for category, count in one["failures"].items():
                failures.add_metric([name, category.lower()], count)
            for task, count in one["background_restarts"].items():
                restarts.add_metric([name, task], count)
        yield from (calls, failures, in_flight, queue, duration, restarts)
