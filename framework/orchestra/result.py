"""The result object that ships with the framework.

A project may use its own (``orchestra.configure(result_class=…)``); see :mod:`orchestra.results`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestra.categories import ErrorCategory, category_of
from orchestra.errors import StepFailedError


@dataclass(frozen=True, slots=True)
class StepResult:
    """The outcome of an orchestration step.

    ``data`` holds what the step produced, ``metadata`` what is known about the outcome: ``status`` for
    skipped and uncertain steps, ``exception`` for a failure that an exception caused.
    """

    success: bool
    data: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    error_category: ErrorCategory | None = None
    retryable: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def ok(cls, /, **data: Any) -> StepResult:
        """Return a success holding the keywords; a sole ``data={…}`` is the data itself."""
        if len(data) == 1:
            only = data.get("data")
            if isinstance(only, Mapping):
                data = dict(only)
        return cls(True, data)

    @classmethod
    def fail(
        cls,
        /,
        error: str | BaseException = "",
        error_category: ErrorCategory | None = None,
        retryable: bool | None = None,
        **data: Any,
    ) -> StepResult:
        """Return a failure; an exception in place of the text is kept and gives the category.

        Without ``retryable`` only transient categories are retryable; without a category it is PROCESSING.
        """
        metadata: dict[str, Any] = {}
        if isinstance(error, BaseException):
            metadata["exception"] = error
            error_category = error_category or category_of(error)
            error = str(error) or type(error).__name__
        category = error_category or ErrorCategory.PROCESSING
        if retryable is None:
            retryable = category.transient
        return cls(False, data, error, category, retryable, metadata)

    @classmethod
    def skip(cls, /, reason: str = "", **data: Any) -> StepResult:
        """Return a success that says that nothing was done, and why."""
        return cls(True, data, metadata={"status": "skipped", "reason": reason})

    @classmethod
    def uncertain(cls, /, reason: str = "", **data: Any) -> StepResult:
        """Return a success whose outcome could not be confirmed, and why."""
        return cls(True, data, metadata={"status": "uncertain", "reason": reason})

    @property
    def status(self) -> str:
        """Return ``ok``, ``failed``, ``skipped`` or ``uncertain``."""
        return str(self.metadata.get("status", "ok")) if self.success else "failed"

    @property
    def exception(self) -> BaseException | None:
        """Return the exception that caused the failure, if one did."""
        found = self.metadata.get("exception")
        return found if isinstance(found, BaseException) else None

    def unwrap(self) -> Any:
        """Return what the operation returned; raise what it raised, or StepFailedError.

        A routed operation's plain return value is stored as ``data["result"]``: a sole one is unpacked.
        """
        if not self.success:
            if self.exception is not None:
                raise self.exception
            raise StepFailedError(self.error or "the step failed", category=self.error_category)
        if len(self.data) == 1 and "result" in self.data:
            return self.data["result"]
        return self.data

    def should_retry(self, attempt: int, max_attempts: int = 3) -> bool:
        """Return whether another attempt is worth it after this one, which was number ``attempt`` (from
        1).
        """
        return not self.success and self.retryable and attempt < max_attempts

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: the category as its string, an exception as ``{"type", "message"}``."""
        metadata = dict(self.metadata)
        if self.exception is not None:
            metadata["exception"] = {"type": type(self.exception).__name__, "message": str(self.exception)}
        return {
            "success": self.success,
            "data": dict(self.data),
            "error": self.error,
            "error_category": self.error_category.value if self.error_category else None,
            "retryable": self.retryable,
            "metadata": metadata,
        }

    def __reduce__(self) -> tuple[Any, ...]:
        metadata = dict(self.metadata)
        if self.exception is not None:
            metadata["exception"] = _picklable(self.exception)
        return type(self), (
            self.success,
            self.data,
            self.error,
            self.error_category,
            self.retryable,
            metadata,
        )


def _picklable(error: BaseException) -> BaseException:
    """Return the exception if a round trip keeps it, else a StepFailedError with its type and text."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - bytes that were made on this very line
    except Exception:  # noqa: BLE001 - a foreign __reduce__ may raise anything
        return StepFailedError(f"{type(error).__name__}: {error}")
    return error
