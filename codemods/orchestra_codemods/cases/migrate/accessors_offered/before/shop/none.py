class NoneOrchestrator:
    def run(self):
        return 1
