from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class GotOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="got",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return 1


_got = None


def get_got():
    global _got
    if _got is None:
        _got = GotOrchestrator()
    return _got  # always the same


def set_got(instance: "GotOrchestrator | None") -> None:
    """Let `get_got` return another instance, or none."""
    global _got
    _got = instance


LAST = 1
