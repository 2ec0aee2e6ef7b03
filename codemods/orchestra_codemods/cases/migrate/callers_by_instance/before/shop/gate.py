class GateOrchestrator:
    async def open(self, for_whom=None):
        return for_whom


gate = GateOrchestrator()
