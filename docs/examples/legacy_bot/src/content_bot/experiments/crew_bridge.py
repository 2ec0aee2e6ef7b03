"""Bridge to the old crew, which was deleted two summers ago."""

from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator
from content_bot.crew.autonomous_orchestrator import AutonomousOrchestrator  # orchestra: ignore[unresolved-import] goes with the crew
from content_bot_crew import CrewContext


class CrewBridge:
    def __init__(self):
        self.crew = AutonomousOrchestrator(CrewContext())
        self.fallback = FallbackAnalysisOrchestrator()

    async def run(self, interaction, url):
        try:
            return await self.crew.run(url)
        except Exception:
            return await self.fallback.execute_fallback_workflow(interaction, url)
