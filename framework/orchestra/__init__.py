"""A small async framework for orchestrators in three layers.

Names are loaded when they are first used (PEP 562): ``import orchestra`` alone costs next to nothing.
"""

from __future__ import annotations

from orchestra._version import __version__ as __version__

TYPE_CHECKING = False  # type checkers know the name; importing typing would double the price of this module
if TYPE_CHECKING:
    from typing import Any

    from orchestra.background_tasks import background as background
    from orchestra.base import BaseOrchestrator as BaseOrchestrator
    from orchestra.categories import ErrorCategory as ErrorCategory
    from orchestra.context import OrchestrationContext as OrchestrationContext
    from orchestra.default import configure as configure
    from orchestra.default import get_orchestration_facade as get_orchestration_facade
    from orchestra.dependencies import lazy as lazy
    from orchestra.errors import DeadlineExceededError as DeadlineExceededError
    from orchestra.errors import DependencyError as DependencyError
    from orchestra.errors import DepthExceededError as DepthExceededError
    from orchestra.errors import DuplicateOrchestratorError as DuplicateOrchestratorError
    from orchestra.errors import FacadeClosedError as FacadeClosedError
    from orchestra.errors import InvalidContextError as InvalidContextError
    from orchestra.errors import InvalidLayerError as InvalidLayerError
    from orchestra.errors import InvalidNameError as InvalidNameError
    from orchestra.errors import InvalidOptionError as InvalidOptionError
    from orchestra.errors import InvalidOrchestrationTypeError as InvalidOrchestrationTypeError
    from orchestra.errors import InvalidResultClassError as InvalidResultClassError
    from orchestra.errors import InvalidResultError as InvalidResultError
    from orchestra.errors import InvalidTimeoutError as InvalidTimeoutError
    from orchestra.errors import LayerViolationError as LayerViolationError
    from orchestra.errors import MalformedHeaderError as MalformedHeaderError
    from orchestra.errors import MissingExtraError as MissingExtraError
    from orchestra.errors import NotAnOrchestratorError as NotAnOrchestratorError
    from orchestra.errors import NothingToOrchestrateError as NothingToOrchestrateError
    from orchestra.errors import NotInitializedError as NotInitializedError
    from orchestra.errors import NotSerializableError as NotSerializableError
    from orchestra.errors import OperationNotFoundError as OperationNotFoundError
    from orchestra.errors import OrchestraError as OrchestraError
    from orchestra.errors import OrchestratorFailedError as OrchestratorFailedError
    from orchestra.errors import OrchestratorNotFoundError as OrchestratorNotFoundError
    from orchestra.errors import StepFailedError as StepFailedError
    from orchestra.errors import SyncCallError as SyncCallError
    from orchestra.errors import TenantQueueFullError as TenantQueueFullError
    from orchestra.errors import UnknownReferenceError as UnknownReferenceError
    from orchestra.errors import WiringError as WiringError
    from orchestra.errors import WrongParametersError as WrongParametersError
    from orchestra.facade import OrchestrationFacade as OrchestrationFacade
    from orchestra.layers import OrchestrationLayer as OrchestrationLayer
    from orchestra.layers import OrchestrationType as OrchestrationType
    from orchestra.operations import operation as operation
    from orchestra.protocol import OrchestratorProtocol as OrchestratorProtocol
    from orchestra.references import Ref as Ref
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
    "Ref": "references",
    "StepResult": "result",
    "background": "background_tasks",
    "configure": "default",
    "get_orchestration_facade": "default",
    "lazy": "dependencies",
    "operation": "operations",
}

__all__ = [
    "BaseOrchestrator",
    "DeadlineExceededError",
    "DependencyError",
    "DepthExceededError",
    "DuplicateOrchestratorError",
    "ErrorCategory",
    "FacadeClosedError",
    "InvalidContextError",
    "InvalidLayerError",
    "InvalidNameError",
    "InvalidOptionError",
    "InvalidOrchestrationTypeError",
    "InvalidResultClassError",
    "InvalidResultError",
    "InvalidTimeoutError",
    "LayerViolationError",
    "MalformedHeaderError",
    "MissingExtraError",
    "NotAnOrchestratorError",
    "NotInitializedError",
    "NotSerializableError",
    "NothingToOrchestrateError",
    "OperationNotFoundError",
    "OrchestraError",
    "OrchestrationContext",
    "OrchestrationFacade",
    "OrchestrationLayer",
    "OrchestrationType",
    "OrchestratorFailedError",
    "OrchestratorNotFoundError",
    "OrchestratorProtocol",
    "Ref",
    "StepFailedError",
    "StepResult",
    "SyncCallError",
    "TenantQueueFullError",
    "UnknownReferenceError",
    "WiringError",
    "WrongParametersError",
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
