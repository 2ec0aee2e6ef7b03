from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType as orchestra_OrchestrationType,
    operation as orchestra_operation,
)


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
