"""A result class as projects have them: a mapping, forty categories, no truth value of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

ErrorCategory = Enum(
    "ErrorCategory",
    {
        name: name.lower()
        for name in (
            "VALIDATION AUTHENTICATION AUTHORIZATION NOT_FOUND RATE_LIMIT TIMEOUT NETWORK PROCESSING SYSTEM "
            "DATABASE CACHE EXTERNAL_SERVICE CONFIGURATION RESOURCE MEMORY DISK PERMISSION FORMAT PARSING ENCODING "
            "DOWNLOAD UPLOAD TRANSCRIPTION ANALYSIS EMBEDDING VECTOR_STORE MODEL PROMPT TOKEN_LIMIT QUOTA CONTENT "
            "MODERATION DISCORD WEBHOOK SCHEDULER QUEUE RETRYABLE FATAL UNKNOWN POLICY"
        ).split()
    },
)


@dataclass
class StepResult(Mapping[str, Any]):
    success: bool
    data: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    error_category: ErrorCategory | None = None
    retryable: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def ok(**data: Any) -> StepResult:
        return StepResult(True, data)

    @staticmethod
    def fail(
        error: str, error_category: ErrorCategory | None = None, retryable: bool = False, **data: Any
    ) -> StepResult:
        return StepResult(False, data, error, error_category, retryable)

    @staticmethod
    def skip(**data: Any) -> StepResult:
        return StepResult(True, {"skipped": True, **data})

    @staticmethod
    def uncertain(**data: Any) -> StepResult:
        return StepResult(True, {"uncertain": True, **data})

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)
