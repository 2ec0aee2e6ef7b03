class DumpedOrchestrator:
    def run(self):
        return dict(self.__dict__)
