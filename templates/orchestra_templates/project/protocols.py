"""What an orchestrator is, and the types that this project knows."""

from __future__ import annotations

from enum import Enum

from orchestra import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationLayer,
    OrchestratorProtocol,
)

__all__ = [
    "BaseOrchestrator",
    "OrchestrationContext",
    "OrchestrationLayer",
    "OrchestrationType",
    "OrchestratorProtocol",
]


class OrchestrationType(Enum):
    """How an orchestrator goes about its work. Add a type where one is missing."""

    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"
    HIERARCHICAL = "hierarchical"
    ADAPTIVE = "adaptive"
    FEEDBACK = "feedback"
    MONITORING = "monitoring"
    COORDINATION = "coordination"
    LIFECYCLE = "lifecycle"
    BUSINESS_LOGIC = "business_logic"
