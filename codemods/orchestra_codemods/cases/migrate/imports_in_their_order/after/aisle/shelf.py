"""Moved to `core.orchestration.domain.shelf`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.shelf import (
        ShelfOrchestrator as ShelfOrchestrator,
    )

__all__ = [
    "ShelfOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.shelf",
    was="aisle.shelf",
    remove_on="2027-02-20",
)
