"""Moved to `core.orchestration.domain.windows`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.windows import (
        WindowsOrchestrator as WindowsOrchestrator,
    )

__all__ = [
    "WindowsOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.windows",
    was="shop.windows",
    remove_on="2027-02-20",
)
