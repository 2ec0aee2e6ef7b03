import copy

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop.parts import Plain


class CopiedOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="copied",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self._plain = Plain()

    @operation
    def copy_of(self):
        return copy.copy(self)
