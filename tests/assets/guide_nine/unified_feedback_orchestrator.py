import asyncio
from collections import deque


class UnifiedFeedbackOrchestrator:
    """Central hub for signals of all learning components."""

    def __init__(self, model_router=None, tool_router=None, agent_router=None, rag=None, shadow=None):
        from rl.routers import get_agent_router, get_model_router, get_tool_router

        self._model_router = model_router or get_model_router()
        self._tool_router = tool_router or get_tool_router()
        self._agent_router = agent_router or get_agent_router()
        self._rag = rag
        self._shadow = shadow
        self._queues = {name: deque(maxlen=100) for name in ("model", "tool", "agent", "thread", "prompt", "memory")}
        self._component_health = {}
        self._running = False

    def start(self):
        self._running = True
        asyncio.create_task(self._processing_loop())
        asyncio.create_task(self._health_loop())

    def submit_feedback(self, component, signal):
        self._queues[component].append(signal)

    def get_metrics(self):
        return {name: len(queue) for name, queue in self._queues.items()}

    async def _processing_loop(self):
        while self._running:
            await asyncio.sleep(1)

    async def _health_loop(self):
        while self._running:
            self._component_health = {name: "ok" for name in self._queues}
            await asyncio.sleep(60)
