"""The orchestrator `parent`: it hands its operations on to a ParentOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from core.orchestration.domain.close import ParentOrchestrator


class ParentOrchestratorAdapter(BaseOrchestrator):
    """Calls the ParentOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: ParentOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="parent",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation
    @functools.wraps(ParentOrchestrator.run)
    def run(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.run(*args, **kwargs)


def build() -> ParentOrchestratorAdapter:
    """Return the adapter of the ParentOrchestrator of this process."""
    return ParentOrchestratorAdapter(ParentOrchestrator())
