class FlowOrchestrator:
    def run(self):
        return 1
