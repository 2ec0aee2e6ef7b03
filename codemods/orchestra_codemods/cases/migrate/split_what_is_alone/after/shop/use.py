from core.orchestration.domain.alone import AloneOrchestrator

AloneOrchestrator().run("")
