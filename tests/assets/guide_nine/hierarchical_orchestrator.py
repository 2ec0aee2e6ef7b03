from dataclasses import dataclass


@dataclass
class Plan:
    steps: list


class HierarchicalOrchestrator:
    """A supervisor breaks a mission into tasks and hands them to workers."""

    def __init__(self, workers=()):
        self.workers = list(workers)
        self.sessions = {}

    async def execute_mission(self, mission, tenant):
        plan = self._decompose(mission)
        results = [await self._delegate(step) for step in plan.steps]
        return self._aggregate(results)

    def register_worker(self, worker):
        self.workers.append(worker)

    def _decompose(self, mission):
        return Plan([mission])

    async def _delegate(self, step):
        return step

    def _aggregate(self, results):
        return results
