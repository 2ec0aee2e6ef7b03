from core.orchestration import OrchestrationLayer, OrchestrationType, operation
from core.orchestration.domain.transcript import TranscriptOrchestrator


class PodcastOrchestrator(TranscriptOrchestrator):
    def __init__(self, engine):
        super().__init__(engine, limit=4)
        self.runtime.identify(
            OrchestrationLayer.DOMAIN, "podcast", OrchestrationType.SEQUENTIAL
        )
        self.chapters = 3

    @operation
    def chapter(self):
        return self.transcribe()
