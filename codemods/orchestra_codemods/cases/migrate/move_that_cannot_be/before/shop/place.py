class PlaceOrchestrator:
    def run(self):
        return __file__
