import os

from core.orchestration import BaseOrchestrator as _BaseOrchestrator
from core.orchestration import OrchestrationLayer as _OrchestrationLayer
from core.orchestration import OrchestrationType as _OrchestrationType
from core.orchestration import operation as _operation

LIMIT = 3


def helper():
    return LIMIT


class FlowOrchestrator(_BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=_OrchestrationLayer.DOMAIN,
            name="flow",
            orchestration_type=_OrchestrationType.SEQUENTIAL,
        )

    @_operation
    def run(self):
        return helper()
