"""Windows."""
import os

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class WindowsOrchestrator(BaseOrchestrator):
	def __init__(self):
		super().__init__(
			layer=OrchestrationLayer.DOMAIN,
			name="windows",
			orchestration_type=OrchestrationType.SEQUENTIAL,
		)
		self.x = os.sep

	@operation
	def run(self):
		return 'ü'