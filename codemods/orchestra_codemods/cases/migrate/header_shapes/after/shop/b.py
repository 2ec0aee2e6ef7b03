"""Moved to `core.orchestration.domain.b`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.b import BOrchestrator as BOrchestrator
    from core.orchestration.domain.b import T as T

__all__ = [
    "BOrchestrator",
    "T",
]

forward(
    __name__,
    "core.orchestration.domain.b",
    was="shop.b",
    remove_on="2027-02-20",
)
