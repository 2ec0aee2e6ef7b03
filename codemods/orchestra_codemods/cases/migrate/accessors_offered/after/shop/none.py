from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class NoneOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="none",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1


_none: "NoneOrchestrator | None" = None


def get_none(auto_create: bool = True) -> "NoneOrchestrator | None":
    """Return the NoneOrchestrator of this process; the first call makes it, unless told not to."""
    global _none
    if _none is None and auto_create:
        _none = NoneOrchestrator()
    return _none


def set_none(instance: "NoneOrchestrator | None") -> None:
    """Let `get_none` return another instance, or none."""
    global _none
    _none = instance
