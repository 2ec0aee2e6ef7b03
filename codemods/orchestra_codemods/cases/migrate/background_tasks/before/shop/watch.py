import asyncio


class WatchOrchestrator:
    def __init__(self, names=("a",)):
        self.names = names
        self._tasks = []
        self._task = asyncio.create_task(self._beat())

    async def start(self):
        for name in self.names:
            self._tasks.append(asyncio.get_event_loop().create_task(self._watch(name, 1), name=f"watch {name}"))

    async def stop(self):
        self._task.cancel()
        for task in self._tasks:
            task.cancel()

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
