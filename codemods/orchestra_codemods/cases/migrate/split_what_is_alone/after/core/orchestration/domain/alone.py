"""Alone."""

import json

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.words import clean

__all__ = ["AloneOrchestrator"]


class AloneOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="alone",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self, text):
        return json.dumps(clean(text))
