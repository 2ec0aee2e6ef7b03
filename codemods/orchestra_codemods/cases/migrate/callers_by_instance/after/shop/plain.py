from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class PlainOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="plain",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    async def run(self):
        return 1


plain = PlainOrchestrator()
