from core.orchestration.domain.heads import (
    HeadOrchestrator as HeadOrchestrator,
    LastOrchestrator as LastOrchestrator,
)

X = 1
