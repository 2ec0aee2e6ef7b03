"""Moved to `core.orchestration.domain.debate`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.debate import (
        DebateOrchestrator as DebateOrchestrator,
    )
    from core.orchestration.domain.debate import retried as retried

__all__ = [
    "DebateOrchestrator",
    "retried",
]

forward(
    __name__,
    "core.orchestration.domain.debate",
    was="shop.debate",
    remove_on="2027-02-20",
)
