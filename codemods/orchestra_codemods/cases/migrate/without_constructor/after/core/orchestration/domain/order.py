from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class OrderOrchestrator(BaseOrchestrator):
    """Places orders."""

    limit = 3  # at once

    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="order",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    # the entry
    @operation
    def place(self, *items, **options):
        return list(items), options


class Other:
    def place(self):
        return None
