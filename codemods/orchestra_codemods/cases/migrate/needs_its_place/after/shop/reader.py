from pathlib import Path

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)

HERE = Path(__file__).parent


class ReaderOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="reader",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def read(self):
        return HERE
