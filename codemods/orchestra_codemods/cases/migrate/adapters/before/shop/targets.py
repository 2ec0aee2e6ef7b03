class TargetOrchestrator:
    def run(self):
        return 1
