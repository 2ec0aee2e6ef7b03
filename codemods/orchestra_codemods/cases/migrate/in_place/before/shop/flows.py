"""Flows."""
from __future__ import annotations

LIMIT = 1


class FlowOrchestrator:
    def run(self):
        return LIMIT
