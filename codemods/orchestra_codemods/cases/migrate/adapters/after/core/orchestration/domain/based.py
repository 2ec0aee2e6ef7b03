"""The orchestrator `based`: it hands its operations on to a BasedOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.based import BasedOrchestrator


class BasedOrchestratorAdapter(BaseOrchestrator):
    """Calls the BasedOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: BasedOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="based",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation
    @functools.wraps(BasedOrchestrator.run)
    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.run(*args, **kwargs)


def build() -> BasedOrchestratorAdapter:
    """Return the adapter of the BasedOrchestrator of this process."""
    return BasedOrchestratorAdapter(BasedOrchestrator())
