"""Moved to `core.orchestration.domain.d`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.d import DOrchestrator as DOrchestrator

__all__ = [
    "DOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.d",
    was="shop.d",
    remove_on="2027-02-20",
)
