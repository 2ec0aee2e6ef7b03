from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
)
from core.orchestration import OrchestrationType as orchestra_OrchestrationType
from core.orchestration import operation as orchestra_operation


def operation(function):
    return function


class OpsOrchestrator(BaseOrchestrator):
    OrchestrationType = 1

    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="ops",
            orchestration_type=orchestra_OrchestrationType.SEQUENTIAL,
        )

    @operation
    @orchestra_operation
    def run(self, operation=None):
        return operation
