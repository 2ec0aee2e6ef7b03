"""Alone."""

import json

from shop.words import clean
from core.orchestration import BaseOrchestrator, OrchestrationLayer, OrchestrationType, operation

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
