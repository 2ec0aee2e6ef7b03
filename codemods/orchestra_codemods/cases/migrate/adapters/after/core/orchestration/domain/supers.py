"""The orchestrator `supers`: it hands its operations on to a SupersOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.supers import SupersOrchestrator


class SupersOrchestratorAdapter(BaseOrchestrator):
    """Calls the SupersOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: SupersOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="supers",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation
    @functools.wraps(SupersOrchestrator.run)
    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.run(*args, **kwargs)


def build() -> SupersOrchestratorAdapter:
    """Return the adapter of the SupersOrchestrator of this process."""
    return SupersOrchestratorAdapter(SupersOrchestrator())
