from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class GateOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="gate",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def open(self, for_whom=None):
        return for_whom


gate = GateOrchestrator()
