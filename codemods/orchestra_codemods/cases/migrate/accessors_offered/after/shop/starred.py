from core.orchestration import BaseOrchestrator as _BaseOrchestrator
from core.orchestration import OrchestrationLayer as _OrchestrationLayer
from core.orchestration import OrchestrationType as _OrchestrationType
from core.orchestration import operation as _operation


class StarredOrchestrator(_BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=_OrchestrationLayer.DOMAIN,
            name="starred",
            orchestration_type=_OrchestrationType.SEQUENTIAL,
        )

    @_operation
    def run(self):
        return 1
