class StarredOrchestrator:
    def run(self):
        return 1
