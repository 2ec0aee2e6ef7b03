"""The orchestrator `target`: it hands its operations on to a TargetOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.targets import TargetOrchestrator


class TargetOrchestratorAdapter(BaseOrchestrator):
    """Calls the TargetOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: TargetOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="target",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation
    @functools.wraps(TargetOrchestrator.run)
    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.run(*args, **kwargs)


def build() -> TargetOrchestratorAdapter:
    """Return the adapter of the TargetOrchestrator of this process."""
    return TargetOrchestratorAdapter(TargetOrchestrator())
