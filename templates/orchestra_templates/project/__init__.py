"""The orchestrators of this project, and what it takes to write and call them.

`protocols` holds the base class and the project's own types, `facade` the one facade
with its policies, `orchestrators` says which orchestrators there are. They live in the
layer packages: `domain` for business workflows, `application` for coordination across
components, `infrastructure` for resilience and monitoring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra import ErrorCategory, background, lazy, operation

from .facade import OrchestrationFacade, build_facade, get_orchestration_facade
from .protocols import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationLayer,
    OrchestrationType,
    OrchestratorProtocol,
)

if TYPE_CHECKING:
    from .results import StepResult

__all__ = [
    "BaseOrchestrator",
    "ErrorCategory",
    "OrchestrationContext",
    "OrchestrationFacade",
    "OrchestrationLayer",
    "OrchestrationType",
    "OrchestratorProtocol",
    "StepResult",
    "background",
    "build_facade",
    "get_orchestration_facade",
    "lazy",
    "operation",
]


def __getattr__(name: str) -> object:
    # Lazily, since the module of a project's own result class may import this package.
    if name == "StepResult":
        from .results import StepResult

        return StepResult
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
