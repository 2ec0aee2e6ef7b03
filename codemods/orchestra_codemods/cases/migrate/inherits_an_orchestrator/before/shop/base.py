class TranscriptOrchestrator:
    def __init__(self, engine, *, limit=2):
        self.engine = engine
        self.limit = limit

    def transcribe(self):
        return self.engine
