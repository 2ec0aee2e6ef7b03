"""Moved to `core.orchestration.domain.transcript`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.transcript import (
        TranscriptOrchestrator as TranscriptOrchestrator,
    )

__all__ = [
    "TranscriptOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.transcript",
    was="shop.base",
    remove_on="2027-02-20",
)
