"""Flows."""

from typing import TYPE_CHECKING
from .tools import tool
from orchestra.moved import reexport

if TYPE_CHECKING:
    from core.orchestration.domain.flow import LIMIT as FLOW_LIMIT  # noqa: F401
    from core.orchestration.domain.flow import (  # noqa: F401
        FlowOrchestrator as FlowOrchestrator,
    )
else:
    reexport(
        __name__,
        "core.orchestration.domain.flow",
        "FlowOrchestrator",
        FLOW_LIMIT="LIMIT",
        was="shop.flows",
    )

__all__ = ["FlowOrchestrator", "tool"]
