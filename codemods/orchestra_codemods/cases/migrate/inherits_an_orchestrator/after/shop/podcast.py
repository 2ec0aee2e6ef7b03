"""Moved to `core.orchestration.domain.podcast`.

This name hands everything on to it until 2027-02-20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.podcast import (
        PodcastOrchestrator as PodcastOrchestrator,
    )

__all__ = [
    "PodcastOrchestrator",
]

forward(
    __name__,
    "core.orchestration.domain.podcast",
    was="shop.podcast",
    remove_on="2027-02-20",
)
