"""Moved to `core.orchestration.domain.close`; this name hands everything on to it until 2027-02-20."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.close import (
        ChildOrchestrator as ChildOrchestrator,
        CloseOrchestrator as CloseOrchestrator,
        HookedOrchestrator as HookedOrchestrator,
        ParentOrchestrator as ParentOrchestrator,
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
