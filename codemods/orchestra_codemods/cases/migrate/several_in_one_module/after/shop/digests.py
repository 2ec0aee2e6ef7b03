"""Moved to `core.orchestration.domain.digests`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.digests import (
        DigestOrchestrator as DigestOrchestrator,
    )
    from core.orchestration.domain.digests import (
        WeeklyDigestOrchestrator as WeeklyDigestOrchestrator,
    )

__all__ = [
    "DigestOrchestrator",
    "WeeklyDigestOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.digests",
    was="shop.digests",
    remove_on="2027-02-20",
)
