from typing import Generic, TypeVar

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)

T = TypeVar("T")


class BOrchestrator ( BaseOrchestrator, Generic[T] ) :
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="b",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self, value: T) -> T:
        return value
