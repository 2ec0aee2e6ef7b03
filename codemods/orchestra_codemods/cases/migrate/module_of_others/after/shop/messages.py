from dataclasses import dataclass

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


@dataclass
class Text:
    content: str


class MessageOrchestrator(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="message",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    @operation
    def create(self, content):
        return Text(content)
