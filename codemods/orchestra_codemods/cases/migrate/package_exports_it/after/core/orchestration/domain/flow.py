from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.flows.tools import tool

LIMIT = 3


class FlowOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="flow",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return tool()
