"""Moved to `core.orchestration.domain.order`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.order import OrderOrchestrator as OrderOrchestrator
    from core.orchestration.domain.order import Other as Other

__all__ = [
    "OrderOrchestrator",
    "Other",
]

forward(
    __name__,
    "core.orchestration.domain.order",
    was="shop.orders",
    remove_on="2027-02-20",
)
