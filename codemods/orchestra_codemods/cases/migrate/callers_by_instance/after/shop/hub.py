"""Moved to `core.orchestration.application.hub`; this name hands everything on to it until 2027-02-20."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.application.hub import (
        HubOrchestrator as HubOrchestrator,
        TrustOrchestrator as TrustOrchestrator,
        _hub as _hub,
        _lock as _lock,
        get_hub as get_hub,
        get_trust as get_trust,
        warm_up as warm_up,
    )

__all__ = [
    "HubOrchestrator",
    "TrustOrchestrator",
    "get_hub",
    "get_trust",
    "warm_up",
]

forward(
    __name__,
    "core.orchestration.application.hub",
    was="shop.hub",
    remove_on="2027-02-20",
)
