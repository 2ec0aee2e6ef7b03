"""Moved to `core.orchestration.application.hub`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.application.hub import HubOrchestrator as HubOrchestrator
    from core.orchestration.application.hub import (
        TrustOrchestrator as TrustOrchestrator,
    )
    from core.orchestration.application.hub import _hub as _hub
    from core.orchestration.application.hub import _lock as _lock
    from core.orchestration.application.hub import get_hub as get_hub
    from core.orchestration.application.hub import get_trust as get_trust
    from core.orchestration.application.hub import warm_up as warm_up

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
