"""The orchestrator `slotted`: it hands its operations on to a SlottedOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.slotted import SlottedOrchestrator


class SlottedOrchestratorAdapter(BaseOrchestrator):
    """Calls the SlottedOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: SlottedOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="slotted",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation
    @functools.wraps(SlottedOrchestrator.run)
    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.run(*args, **kwargs)


def build() -> SlottedOrchestratorAdapter:
    """Return the adapter of the SlottedOrchestrator of this process."""
    raise NotImplementedError("build SlottedOrchestrator here: it needs size")
