from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class BOrchestrator(BaseOrchestrator):
    def __init__(
        self,
        first=1,
        *,
        second: int = 2,
    ):
        """Only words."""  # and a comment
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="b",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1
