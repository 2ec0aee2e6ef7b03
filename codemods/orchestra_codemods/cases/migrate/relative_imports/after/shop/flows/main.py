"""Moved to `core.orchestration.domain.flows`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.flows import MainOrchestrator as MainOrchestrator

__all__ = [
    "MainOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.flows",
    was="shop.flows.main",
    remove_on="2027-02-20",
)
