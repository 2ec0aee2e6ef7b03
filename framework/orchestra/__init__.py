"""A small async framework for orchestrators in three layers.

Names are loaded when they are first used (PEP 562): ``import orchestra`` alone costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestra._version import __version__ as __version__

if TYPE_CHECKING:
    from orchestra.background_tasks import background as background
    from orchestra.base import BaseOrchestrator as BaseOrchestrator
    from orchestra.categories import ErrorCategory as ErrorCategory
    from orchestra.context import OrchestrationContext as OrchestrationContext
    from orchestra.default import configure as configure
    from orchestra.default import get_orchestration_facade as get_orchestration_facade
    from orchestra.dependencies import lazy as lazy
    from orchestra.errors import OrchestraError as OrchestraError
    from orchestra.facade import OrchestrationFacade as OrchestrationFacade
    from orchestra.layers import OrchestrationLayer as OrchestrationLayer
    from orchestra.layers import OrchestrationType as OrchestrationType
    from orchestra.operations import operation as operation
    from orchestra.protocol import OrchestratorProtocol as OrchestratorProtocol
    from orchestra.result import StepResult as StepResult

_HOMES = {
    "BaseOrchestrator": "base",
    "ErrorCategory": "categories",
    "OrchestraError": "errors",
    "OrchestrationContext": "context",
    "OrchestrationFacade": "facade",
    "OrchestrationLayer": "layers",
    "OrchestrationType": "layers",
    "OrchestratorProtocol": "protocol",
    "StepResult": "result",
    "background": "background_tasks",
    "configure": "default",
    "get_orchestration_facade": "default",
    "lazy": "dependencies",
    "operation": "operations",
}

__all__ = [
    "BaseOrchestrator",
    "ErrorCategory",
    "OrchestraError",
    "OrchestrationContext",
    "OrchestrationFacade",
    "OrchestrationLayer",
    "OrchestrationType",
    "OrchestratorProtocol",
    "StepResult",
    "__version__",
    "background",
    "configure",
    "get_orchestration_facade",
    "lazy",
    "operation",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is not None:
        value = getattr(import_module(f"orchestra.{home}"), name)
    else:
        errors = import_module("orchestra.errors")
        value = getattr(errors, name, None) if name.endswith("Error") else None
        if value is None:
            raise AttributeError(f"module 'orchestra' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
