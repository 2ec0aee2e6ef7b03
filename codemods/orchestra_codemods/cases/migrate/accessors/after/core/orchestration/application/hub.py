from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)

_hub = None


class HubOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.APPLICATION,
            name="hub",
            orchestration_type=OrchestrationType.COORDINATION,
        )

    @operation
    def run(self):
        return 1


def get_hub(auto_create=False):
    global _hub
    if _hub is None and auto_create:
        _hub = HubOrchestrator()
    return _hub


def set_hub(hub):
    global _hub
    _hub = hub
