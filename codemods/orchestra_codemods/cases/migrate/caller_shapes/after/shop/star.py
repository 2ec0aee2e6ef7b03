from core.orchestration.domain.flow import *

print(FlowOrchestrator, LIMIT)
