"""Flows."""

from __future__ import annotations

from collections import deque
import logging

import vendored

from core.orchestration import get_orchestration_facade
from shop.parts import Part
from shop.words import clean

logger = logging.getLogger("flows")


class FlowOrchestrator:
    """Flows."""

    def __init__(self, part: Part) -> None:
        self.parts = deque([part, vendored.part])

    async def run(self, text: str, limit: int = 1) -> str:
        return clean(text)[:limit] or get_orchestration_facade().name


class FlowHelper(FlowOrchestrator):
    def __init__(self, part: Part) -> None:
        super().__init__(part)
