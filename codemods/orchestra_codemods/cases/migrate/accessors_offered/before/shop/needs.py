class NeedsOrchestrator:
    def __init__(self, engine):
        self.engine = engine

    def run(self):
        return 1
