import asyncio


class RealTimeMonitoringOrchestrator:
    """Watches content across platforms and raises alerts."""

    def __init__(self, check_interval=30):
        self.check_interval = check_interval
        self.active_monitors = {}
        self.alert_callbacks = []
        self._tasks = []

    async def start_monitoring(self, targets):
        for target in targets:
            self._tasks.append(asyncio.create_task(self._monitor(target)))

    async def stop_monitoring(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add_alert_callback(self, callback):
        self.alert_callbacks.append(callback)

    async def _monitor(self, target):
        while True:
            await self._check(target)
            await asyncio.sleep(self.check_interval)

    async def _check(self, target):
        for callback in self.alert_callbacks:
            callback(target)
