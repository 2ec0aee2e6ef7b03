"""The one result object that most of the bot agreed on (not all of it, see ``models.Outcome``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class ErrorCategory(str, Enum):
    VALIDATION = "validation"
    NETWORK = "network"
    PROCESSING = "processing"
    TIMEOUT = "timeout"
    SYSTEM = "system"


@dataclass
class StepResult:
    """Outcome of one step.

    Use ``StepResult.ok(...)`` and ``StepResult.fail(...)``, nobody should call the constructor.
    """

    success: bool
    data: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    error_category: ErrorCategory | None = None
    skipped: bool = False

    @classmethod
    def ok(cls, **data: Any) -> StepResult:
        return cls(success=True, data=data)

    @classmethod
    def fail(
        cls,
        error: str,
        error_category: ErrorCategory = ErrorCategory.PROCESSING,
        **data: Any,
    ) -> StepResult:
        return cls(success=False, data=data, error=error, error_category=error_category)

    @classmethod
    def skip(cls, reason: str) -> StepResult:
        return cls(success=True, data={"reason": reason}, skipped=True)

    def get(self, key: str, default: Any = None) -> Any:
        return self.data.get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self.data[key]
