"""Routing of messages and models."""

from .bandit import BanditRoutingOrchestrator, get_bandit
from .router import ContentRouter, get_router

__all__ = ["BanditRoutingOrchestrator", "ContentRouter", "get_bandit", "get_router"]
