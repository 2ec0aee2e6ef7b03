"""Moved to `core.orchestration.domain.a`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.a import AOrchestrator as AOrchestrator

__all__ = [
    "AOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.a",
    was="shop.a",
    remove_on="2027-02-20",
)
