import logging


class FallbackAutonomousOrchestrator:
    """Runs the analysis workflow when the crew is not available."""

    def __init__(self):
        self.logger = logging.getLogger(__name__)

    async def execute_autonomous_workflow(self, interaction, url, depth="standard"):
        """Download, transcribe, analyse, reply."""
        try:
            content = await self._acquire(url)
            analysis = await self._analyse(content, depth)
            await interaction.send(self._format(analysis))
        except Exception:
            self.logger.exception("fallback failed")
            await interaction.send("failed")

    async def _acquire(self, url):
        return {"url": url}

    async def _analyse(self, content, depth):
        return {"content": content, "depth": depth}

    def _format(self, analysis):
        return str(analysis)
