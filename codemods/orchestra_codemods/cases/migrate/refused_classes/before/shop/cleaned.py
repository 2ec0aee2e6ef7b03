class CleanedOrchestrator:
    def run(self):
        return 1

    def cleanup(self, hard):
        return hard
