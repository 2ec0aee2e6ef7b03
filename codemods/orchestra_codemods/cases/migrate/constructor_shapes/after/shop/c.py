"""Moved to `core.orchestration.domain.c`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.c import COrchestrator as COrchestrator

__all__ = [
    "COrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.c",
    was="shop.c",
    remove_on="2027-02-20",
)
