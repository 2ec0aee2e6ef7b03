"""Factories, kept in one table for the console."""

from __future__ import annotations

from bot_platform.telemetry import TelemetryOrchestrator
from content_bot.routing.bandit import BanditRoutingOrchestrator
from content_bot.search import SearchWorkflowOrchestrator
from content_bot.workflows import DigestOrchestrator, WeeklyDigestOrchestrator
from content_bot.workflows.podcast import PodcastWorkflowOrchestrator
from content_bot.workflows.transcripts import PlainEngine, ShoutingEngine

FACTORIES = {
    "bandit": BanditRoutingOrchestrator,
    "search": lambda: SearchWorkflowOrchestrator(),
    "weekly": lambda: WeeklyDigestOrchestrator(DigestOrchestrator(limit=1), days=2),
}


def create(name: str, search: SearchWorkflowOrchestrator | None = None):
    if name == "search":
        return search or SearchWorkflowOrchestrator()
    return FACTORIES[name]()


def create_podcast_workflow(chapters: int = 2) -> PodcastWorkflowOrchestrator:
    return PodcastWorkflowOrchestrator(ShoutingEngine(), fallback=PlainEngine(), chapters=chapters)


def create_telemetry(*exporters) -> TelemetryOrchestrator:
    return TelemetryOrchestrator(exporters, flush_interval=0.001)


async def quick_find(query: str):
    return await SearchWorkflowOrchestrator().find(query, 1)
