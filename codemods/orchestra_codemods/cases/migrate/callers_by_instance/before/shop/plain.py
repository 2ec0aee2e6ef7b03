class PlainOrchestrator:
    async def run(self):
        return 1


plain = PlainOrchestrator()
