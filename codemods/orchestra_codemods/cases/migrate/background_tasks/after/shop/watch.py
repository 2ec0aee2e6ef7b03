"""Moved to `core.orchestration.domain.watch`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.watch import WatchOrchestrator as WatchOrchestrator

__all__ = [
    "WatchOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.watch",
    was="shop.watch",
    remove_on="2027-02-20",
)
