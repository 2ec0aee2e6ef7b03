"""Moved to `core.orchestration.application.flow`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.application.flow import (
        FlowOrchestrator as FlowOrchestrator,
    )
    from core.orchestration.application.flow import FlowHelper as FlowHelper
    from core.orchestration.application.flow import clean as clean
    from core.orchestration.application.flow import logger as logger

__all__ = [
    "FlowHelper",
    "FlowOrchestrator",
    "clean",
    "logger",
]

forward(
    __name__,
    "core.orchestration.application.flow",
    was="shop.flows",
    remove_on="2027-02-20",
)
