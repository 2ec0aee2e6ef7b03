from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)
from shop import errors
from shop.errors import ShopError
from shop.flows import tools
from shop.flows.gone import missing
from shop.flows.tools import (
    tool,
)


class MainOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="flows",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def run(self):
        return tools, tool, errors, ShopError, missing
