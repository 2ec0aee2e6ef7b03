"""Looking into running orchestrators. Uses whatever it finds, private or not."""

from __future__ import annotations

import inspect
from typing import Any

from bot_platform.resilience import CircuitState, ResilienceOrchestrator
from content_bot.feedback.unified_feedback import FeedbackComponent, UnifiedFeedbackOrchestrator
from content_bot.routing.bandit import BanditRoutingOrchestrator, get_bandit
from content_bot.routing.router import get_router
from content_bot.analysis.debate import DebateAnalysisOrchestrator


def constructor_help() -> list[str]:
    return list(inspect.signature(UnifiedFeedbackOrchestrator).parameters)


def signatures() -> dict[str, str]:
    return {
        "bandit": str(inspect.signature(BanditRoutingOrchestrator.route)),
        "debate": str(inspect.signature(DebateAnalysisOrchestrator.add_turn)),
    }


def feedback_state(orchestrator: UnifiedFeedbackOrchestrator) -> dict[str, Any]:
    return {
        "round": orchestrator.round_seconds,
        "queued": {c.value: len(q) for c, q in orchestrator._queues.items()},
        "dead": [reason for _, reason in orchestrator._dead_letters],
        "disabled": sorted(c.value for c in orchestrator._disabled),
        "tool_health": orchestrator._health_of(FeedbackComponent.TOOL).value,
    }


def force_consolidation(orchestrator: UnifiedFeedbackOrchestrator) -> int:
    orchestrator._consolidate()
    orchestrator.consolidate_every = 1
    return len(orchestrator._consolidated)


def disable(orchestrator: UnifiedFeedbackOrchestrator, component: str) -> None:
    orchestrator._disabled.add(FeedbackComponent(component))
    orchestrator.get_metrics().dropped += 1


def attach_router() -> BanditRoutingOrchestrator:
    """The bandit cannot import the router (it would be a cycle), so it is put in from here."""
    bandit = get_bandit(auto_create=True)
    bandit._router = get_router()
    bandit.epsilon = 0.0
    return bandit


async def circuit_report(orchestrator: ResilienceOrchestrator) -> dict[str, bool]:
    summary = (await orchestrator.check_health()).__dict__
    opened = {name: c.state is CircuitState.OPEN for name, c in orchestrator._circuits.items()}
    return {**opened, "ok": not summary["unhealthy"]}


def trip(orchestrator: ResilienceOrchestrator, service: str) -> None:
    circuit = orchestrator._circuit(service)
    for _ in range(orchestrator.failure_threshold):
        orchestrator._record_failure(circuit, RuntimeError("tripped by hand"))


def debate_side(text: str) -> str:
    return DebateAnalysisOrchestrator.side_of(text).value


def bare_debate() -> DebateAnalysisOrchestrator:
    """Without running the constructor; the profiler wants it so."""
    debate = object.__new__(DebateAnalysisOrchestrator)
    debate._turns = []
    debate.topic = "bare"
    debate._limit = None
    return debate
