"""Moved to `core.orchestration.domain.alone`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.alone import AloneOrchestrator as AloneOrchestrator

__all__ = [
    "AloneOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.alone",
    was="shop.alone",
    remove_on="2027-02-20",
)
