class SlotsOrchestrator:
    __slots__ = ("x",)

    def run(self):
        return 1
