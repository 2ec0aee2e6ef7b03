"""Deployment of new versions: probes, gradual traffic, roll-back."""

import asyncio
from enum import Enum


class Stage(Enum):
    IDLE = "idle"
    CANARY = "canary"
    LIVE = "live"
    ROLLED_BACK = "rolled_back"


class DeploymentOrchestrator:
    """One deployment at a time. Probes run in the background between start() and stop()."""

    STEPS = (5, 25, 50, 100)

    def __init__(self, regions=("north", "south"), probe_interval=5.0):
        self.regions = tuple(regions)
        self.probe_interval = probe_interval
        self.version = None
        self.previous = None
        self.traffic = 0
        self.stage = Stage.IDLE
        self.probes = {region: 0 for region in self.regions}
        self.unhealthy = set()
        self._stop_event = asyncio.Event()
        self._tasks = []

    async def start(self):
        if self._tasks:
            raise RuntimeError("probes are running")
        self._stop_event.clear()
        for region in self.regions:
            self._tasks.append(asyncio.create_task(self._probe(region)))

    async def stop(self):
        self._stop_event.set()
        await asyncio.gather(*self._tasks)
        self._tasks = []

    async def deploy(self, version):
        """Raise the traffic step by step; returns the stage that was reached."""
        self.previous, self.version = self.version, version
        self.stage = Stage.CANARY
        for percent in self.STEPS:
            if self.unhealthy:
                return await self.rollback()
            self.traffic = percent
            await asyncio.sleep(0)
        self.stage = Stage.LIVE
        return self.stage

    async def rollback(self):
        self.version, self.previous = self.previous, None
        self.traffic = 0
        self.stage = Stage.ROLLED_BACK
        return self.stage

    def report_unhealthy(self, region):
        if region not in self.regions:
            raise ValueError(f"no region {region}")
        self.unhealthy.add(region)

    def status(self):
        return {"version": self.version, "stage": self.stage.value, "traffic": self.traffic}

    async def _probe(self, region):
        while not self._stop_event.is_set():
            self.probes[region] += 1
            try:
                await asyncio.wait_for(self._stop_event.wait(), timeout=self.probe_interval)
            except asyncio.TimeoutError:
                continue


# imported by half of the scripts
deployment_orchestrator = DeploymentOrchestrator()
