"""The guide's workflow."""

import logging
from typing import Any


class MyWorkflowOrchestrator:
    def __init__(self):
        self.logger = logging.getLogger(__name__)
    
    async def execute_workflow(
        self,
        interaction: Any,
        content_url: str,
        depth: str = "standard"
    ) -> None:
        """Execute the workflow."""
        # Business logic here
        result = await self._analyze(content_url, depth)
        await interaction.send(f"Analysis: {result}")

    async def _analyze(self, content_url, depth):
        return f"{content_url} at {depth}"
