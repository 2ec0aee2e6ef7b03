"""Central hub for feedback.

Everything that learns hangs on this class: model routing, tools, prompts, agents, the cache and the
experiments. Signals are queued per component, processed in rounds, consolidated now and then, and
the health of each component is judged by its failures.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from content_bot.config import load_settings
from content_bot.metrics import MetricsRegistry
from content_bot.models import Signal

logger = logging.getLogger(__name__)

QUEUE_LIMIT = 500
DEAD_LETTER_LIMIT = 50
DEFAULT_ROUND = 1.0


class FeedbackComponent(str, Enum):
    MODEL = "model"
    TOOL = "tool"
    PROMPT = "prompt"
    AGENT = "agent"
    CACHE = "cache"
    EXPERIMENT = "experiment"


class ComponentHealth(Enum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DISABLED = "disabled"


@dataclass
class FeedbackMetrics:
    """Returned by get_metrics(); the dashboards read ``__dict__``."""

    submitted: int = 0
    processed: int = 0
    failed: int = 0
    dropped: int = 0
    rounds: int = 0
    consolidations: int = 0
    by_component: dict[str, int] = field(default_factory=dict)


class UnifiedFeedbackOrchestrator:
    """Six queues, six components, three loops.

    Constructing one replaces the global instance. That is how the tests of the old bot got rid of
    the previous one, and by now production relies on it too.
    """

    def __init__(
        self,
        model_router: Any = None,
        tool_memory: Any = None,
        prompt_library: Any = None,
        round_seconds: float = DEFAULT_ROUND,
        consolidate_every: int = 5,
    ) -> None:
        from content_bot.feedback.components import AgentTrust, CacheTuner, ToolMemory
        from content_bot.routing.bandit import get_bandit

        self._model_router = model_router or get_bandit(auto_create=True)
        self._tool_memory = tool_memory or ToolMemory()
        self._agent_trust = AgentTrust()
        settings = load_settings()
        self._cache_tuner = CacheTuner(settings.cache_threshold)

        try:
            from content_bot.feedback.components import get_prompt_library

            self._prompt_library = prompt_library or get_prompt_library()
        except ImportError:  # the prompt library was optional for a while
            self._prompt_library = prompt_library

        try:
            from content_bot_experiments.tracking import ExperimentTracker

            self._experiments = ExperimentTracker()
        except ImportError:
            self._experiments = None

        self.weights = {
            component: settings.scoring_weights.get(component.value, 1.0) for component in FeedbackComponent
        }
        self.round_seconds = round_seconds
        self.consolidate_every = consolidate_every

        self._queues: dict[FeedbackComponent, deque[Signal]] = {
            component: deque(maxlen=QUEUE_LIMIT) for component in FeedbackComponent
        }
        self._dead_letters: deque[tuple[Signal, str]] = deque(maxlen=DEAD_LETTER_LIMIT)
        self._failures: dict[FeedbackComponent, int] = {component: 0 for component in FeedbackComponent}
        self._disabled: set[FeedbackComponent] = set()
        self._metrics = FeedbackMetrics()
        self._registry = MetricsRegistry("feedback")
        self._stop_event = asyncio.Event()
        self._started_at: float | None = None
        self._consolidated: list[dict[str, float]] = []
        self._pending_model_updates: list[Signal] = []

        global _orchestrator
        _orchestrator = self

    # -- lifecycle ------------------------------------------------------------------------

    def start(self) -> bool:
        """Start the loops; returns False when that has happened before."""
        if self._started_at is not None:
            return False
        self._started_at = time.monotonic()
        self._stop_event.clear()
        asyncio.get_event_loop().create_task(self._processing_loop())
        asyncio.get_event_loop().create_task(self._consolidation_loop())
        asyncio.get_event_loop().create_task(self._health_loop())
        return True

    def stop(self) -> None:
        """Ask the loops to end. They do so after their current round."""
        self._stop_event.set()
        self._started_at = None

    @property
    def is_running(self) -> bool:
        return self._started_at is not None

    # -- signals --------------------------------------------------------------------------

    def submit_signal(self, component: str | FeedbackComponent, reward: float, note: str = "") -> bool:
        """Queue one signal. ValueError for an unknown component, False for a disabled one."""
        target = FeedbackComponent(component)
        if target in self._disabled:
            self._metrics.dropped += 1
            return False
        queue = self._queues[target]
        if len(queue) == QUEUE_LIMIT:
            self._metrics.dropped += 1
        queue.append(Signal(target.value, float(reward), note))
        self._metrics.submitted += 1
        self._registry.increment("submitted")
        return True

    def submit_model_feedback(self, model: str, reward: float) -> bool:
        return self.submit_signal(FeedbackComponent.MODEL, reward, model)

    def submit_tool_feedback(self, tool: str, reward: float) -> bool:
        return self.submit_signal(FeedbackComponent.TOOL, reward, tool)

    def submit_agent_feedback(self, agent: str, reward: float) -> bool:
        return self.submit_signal(FeedbackComponent.AGENT, reward, agent)

    async def process_once(self) -> int:
        """One round over all queues; returns the number of signals that were learned."""
        learned = 0
        for component, queue in self._queues.items():
            while queue:
                signal = queue.popleft()
                if await self._process_signal(component, signal):
                    learned += 1
        self._metrics.rounds += 1
        return learned

    async def flush(self, timeout: float = 1.0) -> bool:
        """Process until every queue is empty."""
        deadline = time.monotonic() + timeout
        while any(self._queues.values()):
            if time.monotonic() > deadline:
                return False
            await self.process_once()
        return True

    # -- answers --------------------------------------------------------------------------

    def get_metrics(self) -> FeedbackMetrics:
        return self._metrics

    def get_health(self) -> dict[str, ComponentHealth]:
        return {component.value: self._health_of(component) for component in FeedbackComponent}

    def queue_sizes(self) -> dict[str, int]:
        return {component.value: len(queue) for component, queue in self._queues.items()}

    def recommend_tool(self, candidates: list[str]) -> str | None:
        """Best tool by what was learned so far, None for an empty list."""
        if not candidates:
            return None
        return max(candidates, key=lambda tool: (self._tool_memory.average(tool), tool))

    async def recommend_model(self, context: dict[str, Any], *, tenant_id: str = "default") -> str:
        result = await self._model_router.route(context, tenant_id)
        if not result.success:
            raise RuntimeError(result.error)
        return result["model"]

    # -- learning -------------------------------------------------------------------------

    async def _process_signal(self, component: FeedbackComponent, signal: Signal) -> bool:
        try:
            await self._learn(component, signal)
        except Exception as error:
            logger.warning("signal for %s lost: %s", component.value, error)
            self._failures[component] += 1
            self._dead_letters.append((signal, str(error)))
            self._metrics.failed += 1
            return False
        self._metrics.processed += 1
        counts = self._metrics.by_component
        counts[component.value] = counts.get(component.value, 0) + 1
        return True

    async def _learn(self, component: FeedbackComponent, signal: Signal) -> None:
        reward = signal.reward * self.weights[component]
        if component is FeedbackComponent.MODEL:
            await self._learn_model(signal, reward)
        elif component is FeedbackComponent.TOOL:
            self._tool_memory.learn(reward, signal.note)
        elif component is FeedbackComponent.PROMPT:
            self._learn_prompt(signal, reward)
        elif component is FeedbackComponent.AGENT:
            self._agent_trust.learn(reward, signal.note)
        elif component is FeedbackComponent.CACHE:
            self._cache_tuner.learn(reward, signal.note)
        else:
            self._learn_experiment(signal, reward)

    async def _learn_model(self, signal: Signal, reward: float) -> None:
        self._pending_model_updates.append(signal)
        await self._model_router.submit_feedback("feedback", signal.note or "small", reward)

    def _learn_prompt(self, signal: Signal, reward: float) -> None:
        if self._prompt_library is None:
            raise RuntimeError("no prompt library")
        if not self._prompt_library.learn(reward, signal.note):
            raise LookupError(f"no prompt {signal.note!r}")

    def _learn_experiment(self, signal: Signal, reward: float) -> None:
        if self._experiments is None:
            raise RuntimeError("experiments are not installed")
        self._experiments.record(signal.note, reward)

    # -- loops ----------------------------------------------------------------------------

    async def _processing_loop(self) -> None:
        while not self._stop_event.is_set():
            await self.process_once()
            await self._pause(self.round_seconds)

    async def _consolidation_loop(self) -> None:
        while not self._stop_event.is_set():
            if self._metrics.rounds and self._metrics.rounds % self.consolidate_every == 0:
                self._consolidate()
            await self._pause(self.round_seconds)

    async def _health_loop(self) -> None:
        while not self._stop_event.is_set():
            self._judge_components()
            await self._pause(self.round_seconds * 2)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop_event.wait(), timeout=seconds)
        except asyncio.TimeoutError:
            pass

    def _consolidate(self) -> None:
        """Average of what each model earned since the last time."""
        earned: dict[str, list[float]] = {}
        for signal in self._pending_model_updates:
            earned.setdefault(signal.note or "small", []).append(signal.reward)
        self._pending_model_updates.clear()
        self._consolidated.append({model: sum(v) / len(v) for model, v in earned.items()})
        self._metrics.consolidations += 1

    def _judge_components(self) -> None:
        for component in FeedbackComponent:
            if self._health_of(component) is ComponentHealth.DISABLED:
                self._disabled.add(component)

    def _health_of(self, component: FeedbackComponent) -> ComponentHealth:
        failures = self._failures[component]
        if failures >= 5 or component in self._disabled:
            return ComponentHealth.DISABLED
        return ComponentHealth.DEGRADED if failures >= 2 else ComponentHealth.HEALTHY


_orchestrator: UnifiedFeedbackOrchestrator | None = None


def get_orchestrator() -> UnifiedFeedbackOrchestrator | None:
    """None until somebody has constructed one."""
    return _orchestrator


def set_orchestrator(orchestrator: UnifiedFeedbackOrchestrator | None) -> None:
    global _orchestrator
    _orchestrator = orchestrator
