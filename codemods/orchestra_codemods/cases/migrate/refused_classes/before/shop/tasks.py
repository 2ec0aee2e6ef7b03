import asyncio


class TasksOrchestrator:
    def start(self):
        self.task = asyncio.create_task(self._loop(pause=1))

    async def _loop(self, pause):
        while True:
            await asyncio.sleep(pause)
