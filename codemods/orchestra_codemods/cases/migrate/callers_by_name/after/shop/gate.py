"""Moved to `core.orchestration.domain.gate`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.gate import GateOrchestrator as GateOrchestrator
    from core.orchestration.domain.gate import gate as gate

__all__ = [
    "GateOrchestrator",
    "gate",
]

forward(
    __name__,
    "core.orchestration.domain.gate",
    was="shop.gate",
    remove_on="2027-02-20",
)
