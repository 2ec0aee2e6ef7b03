"""Flows."""

from .main import FlowOrchestrator, LIMIT as FLOW_LIMIT  # noqa: F401
from .tools import tool

__all__ = ["FlowOrchestrator", "tool"]
