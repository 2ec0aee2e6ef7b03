from core.orchestration.domain.windows import WindowsOrchestrator
