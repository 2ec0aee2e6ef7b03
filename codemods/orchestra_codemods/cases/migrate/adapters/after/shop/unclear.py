"""Moved to `core.orchestration.domain.close`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.close import ChildOrchestrator as ChildOrchestrator
    from core.orchestration.domain.close import CloseOrchestrator as CloseOrchestrator
    from core.orchestration.domain.close import HookedOrchestrator as HookedOrchestrator
    from core.orchestration.domain.close import ParentOrchestrator as ParentOrchestrator
    from core.orchestration.domain.close import (
        WrappedOrchestrator as WrappedOrchestrator,
    )

__all__ = [
    "ChildOrchestrator",
    "CloseOrchestrator",
    "HookedOrchestrator",
    "ParentOrchestrator",
    "WrappedOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.close",
    was="shop.unclear",
    remove_on="2027-02-20",
)
