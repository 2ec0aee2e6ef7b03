class SlottedOrchestrator:
    __slots__ = ("size",)

    def __init__(self, size):
        self.size = size

    def run(self):
        return self.size
