"""The result of a step, as the whole project knows it."""

from __future__ import annotations

from orchestra import ErrorCategory, StepResult

__all__ = ["ErrorCategory", "StepResult"]
