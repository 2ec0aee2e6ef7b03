"""The bot itself: wires everything by hand, which took three years to grow."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Callable

from .analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
from .chat import Channel, Interaction
from .feedback import UnifiedFeedbackOrchestrator
from .ingest import extract_links
from .ingest.pipeline import Orchestrator, get_orchestrator
from .monitoring.alerts import AlertCoordinator
from .monitoring.realtime import RealTimeMonitoringOrchestrator
from .routing import channels as channel_routing
from .workflows import DigestOrchestrator, WeeklyDigestOrchestrator

logger = logging.getLogger(__name__)


def load_premium() -> Any:
    """The premium crew is a separate package, most installations do not have it."""
    try:
        from content_bot_premium.crew import PremiumOrchestrator
    except ImportError:

        class PremiumOrchestrator:
            available = False

            async def run(self):
                return None

    return PremiumOrchestrator()


class ContentBot:
    """One bot, one guild."""

    def __init__(
        self,
        pipeline: Orchestrator | None = None,
        feedback: UnifiedFeedbackOrchestrator | None = None,
        make_analysis: Callable[[], FallbackAnalysisOrchestrator] = lambda: FallbackAnalysisOrchestrator(),
    ) -> None:
        self.pipeline = pipeline or get_orchestrator()
        self.feedback = feedback or UnifiedFeedbackOrchestrator()
        self.monitoring = RealTimeMonitoringOrchestrator(interval=30.0)
        self.channels = channel_routing.Coordinator()
        self.digest = DigestOrchestrator(limit=2)
        self.weekly = WeeklyDigestOrchestrator(self.digest)
        self.make_analysis = make_analysis
        self.alerts: AlertCoordinator | None = None
        self.premium = load_premium()
        self.log_channel = Channel("log")

    async def start(self) -> None:
        self.alerts = AlertCoordinator([self.log_channel.post], interval=5.0)
        self.monitoring.add_probe("backlog", self._backlog)
        await self.monitoring.start()
        await self.channels.start()
        self.feedback.start()

    async def stop(self) -> None:
        await self.monitoring.stop()
        await self.channels.shutdown()
        self.feedback.stop()
        if self.alerts:
            await self.alerts.deliver()
            self.alerts.close()

    async def on_message(self, text: str, interaction: Interaction) -> int:
        """Ingest what the message links to and analyse the first link."""
        report = await self.pipeline.ingest_message(text)
        for url in report.accepted:
            self.channels.submit_link(url)
            self.feedback.submit_tool_feedback("ingest", 1.0)
        for url, reason in report.rejected.items():
            await self.alerts.alert("ingest", f"{url}: {reason}")
            self.feedback.submit_tool_feedback("ingest", reward=0.0)
        if report.accepted:
            analysis = self.make_analysis()
            await analysis.execute_fallback_workflow(interaction, report.accepted[0], "quick")
        return len(report.accepted)

    async def morning(self, channel: Channel) -> int:
        return await self.digest.publish(channel)

    async def monday(self, channel: Channel) -> None:
        await channel.post(await self.weekly.headline())

    def links_of(self, text: str) -> list[str]:
        return extract_links(text)

    async def _backlog(self) -> float:
        return float(sum(self.channels.backlog().values()))


async def run_once(text: str) -> int:
    bot = ContentBot()
    await bot.start()
    try:
        return await bot.on_message(text, Interaction())
    finally:
        await bot.stop()
        await asyncio.sleep(0)
