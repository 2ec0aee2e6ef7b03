"""Agents for everybody (vendored, version 0.9)."""

from .base import Agent, CoordinatorBase

__version__ = "0.9"
__all__ = ["Agent", "CoordinatorBase"]
