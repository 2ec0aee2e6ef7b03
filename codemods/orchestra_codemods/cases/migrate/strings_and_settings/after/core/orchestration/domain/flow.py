from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class FlowOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="flow",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1
