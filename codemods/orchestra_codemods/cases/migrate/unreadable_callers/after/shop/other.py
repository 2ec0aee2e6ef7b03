"""Moved to `core.orchestration.domain.other`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.other import OtherOrchestrator as OtherOrchestrator

__all__ = [
    "OtherOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.other",
    was="shop.other",
    remove_on="2027-02-20",
)
