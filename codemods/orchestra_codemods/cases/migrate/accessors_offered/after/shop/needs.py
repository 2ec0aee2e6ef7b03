from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class NeedsOrchestrator(BaseOrchestrator):
    def __init__(self, engine):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="needs",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.engine = engine

    @operation
    def run(self):
        return 1
