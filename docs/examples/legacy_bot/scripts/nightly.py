"""Run the nightly analysis once, without the scheduler."""

import asyncio

from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator as Analysis
from content_bot.chat import Interaction

URLS = ["https://videos.example/interview", "https://news.example/harbour"]


class Night:
    def __init__(self, analysis=None):
        self.analysis = analysis or Analysis()

    async def run(self):
        sent = []
        for url in URLS:
            interaction = Interaction("night")
            await self.analysis.execute_fallback_workflow(interaction=interaction, content_url=url, depth="quick")
            sent.append(interaction.sent[-1])
        return sent


def main():
    for text in asyncio.run(Night().run()):
        print(text)


if __name__ == "__main__":
    main()
