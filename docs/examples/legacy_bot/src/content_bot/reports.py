"""Reports over several orchestrators, typed but without importing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bot_platform.resilience import ResilienceOrchestrator
    from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
    from content_bot.workflows.podcast import PodcastWorkflowOrchestrator

# prefix of the keys in the statistics file; looks like a module, is none
STATISTICS_KEY = "content_bot.analysis.FallbackAnalysis.daily"


async def analysis_table(orch: FallbackAnalysisOrchestrator, urls: list[str]) -> list[tuple[str, float]]:
    rows = []
    for url in urls:
        result = await orch.analyse(url)
        if result.success:
            rows.append((result["title"], result["sentiment"]))
    return rows


async def episode_line(workflow: "PodcastWorkflowOrchestrator", url: str) -> str:
    episode = await workflow.process_episode(url)
    return f"{len(episode['chapters'])} chapters in {episode['duration']:.0f} s"


def services(orch: object) -> list[str]:
    return sorted(cast("ResilienceOrchestrator", orch)._circuits)
