import asyncio

from core.orchestration import BaseOrchestrator, OrchestrationLayer, OrchestrationType, operation


class WatchOrchestrator(BaseOrchestrator):
    def __init__(self, names=("a",)):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="watch",
            orchestration_type=OrchestrationType.MONITORING,
        )
        self.names = names
        self._tasks = []
        self._task = self.runtime.spawn(self._beat)

    @operation
    async def start(self):
        for name in self.names:
            self._tasks.append(
                self.runtime.spawn(self._watch, name, 1, name=f"watch {name}", loop=asyncio.get_event_loop())
            )

    @operation
    async def stop(self):
        self._task.cancel()
        for task in self._tasks:
            task.cancel()

    @operation
    async def once(self):
        return await asyncio.gather(*[asyncio.create_task(self._one()) for _ in self.names])

    async def _beat(self):
        while True:
            await asyncio.sleep(1)

    async def _watch(self, name, pause):
        while True:
            await asyncio.sleep(pause)

    async def _one(self):
        return 1
