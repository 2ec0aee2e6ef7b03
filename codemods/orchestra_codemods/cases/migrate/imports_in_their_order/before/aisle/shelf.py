class ShelfOrchestrator:
    def fill(self):
        return 1
