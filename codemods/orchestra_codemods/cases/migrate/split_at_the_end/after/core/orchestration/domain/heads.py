"""HeadOrchestrator and LastOrchestrator, taken out of `shop.heads`, which goes on offering it."""

from core.orchestration import BaseOrchestrator, OrchestrationLayer, OrchestrationType, operation

class HeadOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="head",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1


class LastOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="last",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1
