"""The result class of this project."""

from __future__ import annotations

from orchestra import StepResult

__all__ = ["StepResult"]
