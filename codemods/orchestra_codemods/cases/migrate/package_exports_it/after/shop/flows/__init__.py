"""Flows."""

from typing import TYPE_CHECKING

from orchestra.moved import reexport

if TYPE_CHECKING:
    from core.orchestration.domain.flow import (
        FlowOrchestrator as FlowOrchestrator,
        LIMIT as FLOW_LIMIT,
    )
else:
    reexport(
        __name__,
        "core.orchestration.domain.flow",
        "FlowOrchestrator",
        FLOW_LIMIT="LIMIT",
        was="shop.flows",
    )  # noqa: F401
from .tools import tool

__all__ = ["FlowOrchestrator", "tool"]
