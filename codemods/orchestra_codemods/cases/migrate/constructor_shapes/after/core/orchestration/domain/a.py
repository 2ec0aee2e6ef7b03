from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class AOrchestrator(BaseOrchestrator):
    def __init__(self): super().__init__(layer=OrchestrationLayer.DOMAIN, name="a", orchestration_type=OrchestrationType.SEQUENTIAL); self.x = 1
    @operation
    def run(self): return self.x
