"""The guide's workflow."""

import logging
from typing import Any

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class MyWorkflowOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="my_workflow",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.logger = logging.getLogger("my_app.my_workflow_orchestrator")
    
    @operation
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
