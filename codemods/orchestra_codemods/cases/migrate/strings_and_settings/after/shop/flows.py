"""Moved to `core.orchestration.domain.flow`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.flow import FlowOrchestrator as FlowOrchestrator

__all__ = [
    "FlowOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.flow",
    was="shop.flows",
    remove_on="2027-02-20",
)
