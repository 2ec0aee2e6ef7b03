from .base import TranscriptOrchestrator


class PodcastOrchestrator(TranscriptOrchestrator):
    def __init__(self, engine):
        super().__init__(engine, limit=4)
        self.chapters = 3

    def chapter(self):
        return self.transcribe()
