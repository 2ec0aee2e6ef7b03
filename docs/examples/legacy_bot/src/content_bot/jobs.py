"""Scheduled jobs."""

from __future__ import annotations

import asyncio
import logging

from bot_platform.telemetry import get_telemetry_orchestrator
from content_bot.chat import Interaction
from content_bot.feedback.unified_feedback import UnifiedFeedbackOrchestrator
from content_bot.feedback import unified_feedback
from content_bot.workflows.transcripts import build_transcript_workflow

logger = logging.getLogger(__name__)


class JobBase:
    """Telemetry is taken when the module is imported, all jobs share it."""

    telemetry = get_telemetry_orchestrator()

    def note(self, job: str) -> None:
        self.telemetry.record("job", job=job)


class NightlyAnalysis(JobBase):
    def __init__(self, urls):
        from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator

        self.urls = urls
        self.analysis = FallbackAnalysisOrchestrator()

    async def run(self):
        self.note("nightly")
        first = self.analysis.analyse(self.urls[0])
        second = self.analysis.analyse(self.urls[1], depth="deep")
        return await asyncio.gather(first, second)

    async def run_in_background(self):
        """Tasks made of an orchestrator's method."""
        tasks = [asyncio.create_task(self.analysis.analyse(url)) for url in self.urls]
        self.note("background")
        return [await task for task in tasks]

    async def announce(self, interaction=None):
        interaction = interaction or Interaction("job")
        for url in self.urls:
            await self.analysis.execute_fallback_workflow(interaction, url, "quick", tenant="night")
        return interaction.sent


async def feedback_round(rewards: dict[str, float]) -> dict:
    orchestrator = unified_feedback.get_orchestrator() or UnifiedFeedbackOrchestrator()
    for tool, reward in rewards.items():
        orchestrator.submit_signal("tool", reward, note=tool)
    await orchestrator.flush()
    return orchestrator.get_metrics().__dict__


async def transcribe_all(urls: list[str]) -> float:
    workflow = build_transcript_workflow("shouting", concurrency=1)
    transcripts = await workflow.transcribe_many(urls)
    return sum(transcript.duration for transcript in transcripts.values())
