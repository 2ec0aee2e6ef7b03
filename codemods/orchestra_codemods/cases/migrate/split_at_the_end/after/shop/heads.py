from core.orchestration.domain.heads import HeadOrchestrator as HeadOrchestrator
from core.orchestration.domain.heads import LastOrchestrator as LastOrchestrator

X = 1
