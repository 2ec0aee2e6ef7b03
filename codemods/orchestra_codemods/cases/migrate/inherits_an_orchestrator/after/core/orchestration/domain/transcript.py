from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class TranscriptOrchestrator(BaseOrchestrator):
    def __init__(self, engine, *, limit=2):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="transcript",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.engine = engine
        self.limit = limit

    @operation
    def transcribe(self):
        return self.engine
