"""The orchestrator `named`: it hands its operations on to a NamedOrchestrator."""

from __future__ import annotations

import functools
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.named import NamedOrchestrator, get_named


class NamedOrchestratorAdapter(BaseOrchestrator):
    """Calls the NamedOrchestrator that it was given, which nobody else has to know of."""

    def __init__(self, adapted: NamedOrchestrator) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="named",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.adapted = adapted

    @operation(name="orchestrate")
    @functools.wraps(NamedOrchestrator.orchestrate)
    async def call_orchestrate(self, *args: Any, **kwargs: Any) -> Any:
        return await self.adapted.orchestrate(*args, **kwargs)

    @operation(name="cleanup")
    @functools.wraps(NamedOrchestrator.cleanup)
    def call_cleanup(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.cleanup(*args, **kwargs)

    @operation
    @functools.wraps(NamedOrchestrator.greet)
    def greet(self, *args: Any, **kwargs: Any) -> Any:
        return self.adapted.greet(*args, **kwargs)


def build() -> NamedOrchestratorAdapter:
    """Return the adapter of the NamedOrchestrator of this process."""
    return NamedOrchestratorAdapter(get_named())
