from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class COrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        """Words first."""

        # then this
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="c",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.x = 1

    @operation
    def run(self): return 1
