from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class ShelfOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="shelf",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def fill(self):
        return 1
