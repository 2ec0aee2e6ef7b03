"""One orchestrator as a facade sees it: everything a call needs, looked up once."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Literal

from orchestra.base import BaseOrchestrator
from orchestra.catalog import catalog_of
from orchestra.counters import Counters
from orchestra.layers import layer_value, type_value
from orchestra.runtime import Runtime, runtime_of

if TYPE_CHECKING:
    from orchestra.catalog import Catalog

CleanupPolicy = Literal["on_close", "per_call"]


class Entry:
    """An orchestrator with its catalog, its runtime and its counters."""

    __slots__ = (
        "__weakref__",
        "asks_first",
        "catalog",
        "cleans_up_per_call",
        "counters",
        "has_tasks",
        "layer",
        "name",
        "orchestrator",
        "plain",
        "routed",
        "runtime",
    )

    def __init__(self, orchestrator: Any, name: str, cleanup_policy: str) -> None:
        kind = type(orchestrator)
        self.orchestrator = orchestrator
        self.name = name
        self.catalog: Catalog = catalog_of(kind)
        self.runtime = (
            runtime_of(orchestrator) if hasattr(orchestrator, "__dict__") else Runtime(orchestrator)
        )
        self.routed = is_routed(kind)
        self.asks_first = getattr(kind, "can_orchestrate", None) is not BaseOrchestrator.can_orchestrate
        policy = getattr(orchestrator, "cleanup_policy", None)
        # A class that answers to every name has no policy of its own.
        self.cleans_up_per_call = (policy if isinstance(policy, str) else cleanup_policy) == "per_call"
        self.plain = not self.asks_first and not self.cleans_up_per_call
        self.layer = layer_value(orchestrator.layer) if hasattr(orchestrator, "layer") else None
        self.has_tasks = bool(self.catalog.background)
        self.counters = Counters()

    def measure(self) -> dict[str, Any]:
        """Return the counters, and the restarts of background tasks by task."""
        return {**self.counters.snapshot(), "background_restarts": dict(self.runtime.restarts)}

    def describe(self) -> dict[str, Any]:
        """Return what ``list_orchestrators`` says of this orchestrator."""
        kind = type(self.orchestrator)
        return {
            "layer": self.layer,
            "type": type_value(self.orchestrator.orchestration_type),
            "class": kind.__qualname__,
            "module": kind.__module__,
            "operations": sorted(self.catalog.operations),
            "state": self.runtime.state,
        }


def is_routed(kind: type) -> bool:
    """Return whether a class inherits the base class's ``orchestrate``."""
    found = inspect.unwrap(getattr(kind, "orchestrate", BaseOrchestrator.orchestrate))
    return found is BaseOrchestrator.orchestrate
