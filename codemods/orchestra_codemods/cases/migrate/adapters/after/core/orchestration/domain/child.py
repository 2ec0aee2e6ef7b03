"""The orchestrator `child`: it hands its operations on to a ChildOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from core.orchestration.domain.close import ChildOrchestrator


class ChildOrchestratorAdapter(BaseOrchestrator):
    """Calls the ChildOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: ChildOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="child",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation
    @functools.wraps(ChildOrchestrator.walk)
    def walk(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.walk(*args, **kwargs)


def build() -> ChildOrchestratorAdapter:
    """Return the adapter of the ChildOrchestrator of this process."""
    return ChildOrchestratorAdapter(ChildOrchestrator())
