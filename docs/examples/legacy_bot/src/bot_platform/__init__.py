"""What the bot runs on: health, circuits, telemetry, deployment, security."""

from bot_platform.resilience import ResilienceOrchestrator, get_resilience_orchestrator
from bot_platform.telemetry import TelemetryOrchestrator, get_telemetry_orchestrator

__all__ = [
    "DeploymentOrchestrator",
    "ResilienceOrchestrator",
    "TelemetryOrchestrator",
    "get_resilience_orchestrator",
    "get_telemetry_orchestrator",
]
