from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class DOrchestrator(BaseOrchestrator):
    def __init__(this, value): super().__init__(layer=OrchestrationLayer.DOMAIN, name="d", orchestration_type=OrchestrationType.SEQUENTIAL); this.value = value; this.other = None

    @operation
    def run(this): return this.value
