"""Flows."""
from __future__ import annotations

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)

LIMIT = 1


class FlowOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="flow",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return LIMIT
