from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class BothOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="both",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1


_both: BothOrchestrator | None = None


def get_both(auto_create=False):
    global _both
    if _both is None and auto_create:
        _both = BothOrchestrator()
    return _both


def set_both(both):
    global _both
    _both = both
