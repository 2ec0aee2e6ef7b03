"""Moved to `core.orchestration.domain.plain`; this name hands everything on to it until 2027-02-20."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.moved import forward

if TYPE_CHECKING:
    from core.orchestration.domain.plain import (
        PlainOrchestrator as PlainOrchestrator,
        plain as plain,
    )

__all__ = [
    "PlainOrchestrator",
    "plain",
]

forward(
    __name__,
    "core.orchestration.domain.plain",
    was="shop.plain",
    remove_on="2027-02-20",
)
