"""Moved to `core.orchestration.domain.ops`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.ops import OpsOrchestrator as OpsOrchestrator
    from core.orchestration.domain.ops import operation as operation

__all__ = [
    "OpsOrchestrator",
    "operation",
]

forward(
    __name__,
    "core.orchestration.domain.ops",
    was="shop.ops",
    remove_on="2027-02-20",
)
