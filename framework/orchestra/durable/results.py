"""Result objects as JSON, and back as objects of the class that the project uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestra.categories import ErrorCategory
from orchestra.durable.exceptions import exception_as_json, exception_of_json
from orchestra.envelopes import as_json
from orchestra.errors import StepFailedError
from orchestra.result import StepResult
from orchestra.results import category_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.results import Results


def result_as_json(result: Any) -> dict[str, Any]:
    """Return a result as JSON carries it. Raises NotSerializableError, naming the place in its data."""
    success = bool(result.success)
    metadata = dict(getattr(result, "metadata", None) or {})
    error = metadata.pop("exception", None)
    return {
        "success": success,
        "data": as_json(getattr(result, "data", None), "result"),
        "error": None if success else str(getattr(result, "error", None) or ""),
        "category": None if success else category_name(result),
        "retryable": bool(getattr(result, "retryable", False)),
        "metadata": as_json(metadata, "metadata"),
        "exception": exception_as_json(error) if isinstance(error, BaseException) else None,
    }


def result_of_json(data: Mapping[str, Any], results: Results) -> Any:
    """Return the result as an object of the project's class."""
    category = ErrorCategory.__members__.get(data["category"] or "", ErrorCategory.PROCESSING)
    error = exception_of_json(data["exception"]) if data["exception"] else None
    if results.kind is StepResult:
        metadata = dict(data["metadata"])
        if error is not None:
            metadata["exception"] = error
        failed = None if data["success"] else category
        return StepResult(
            data["success"], data["data"] or {}, data["error"], failed, data["retryable"], metadata
        )
    if not data["success"]:
        return results.fail(error or StepFailedError(data["error"]), category)
    return results.kind.ok(**data["data"]) if isinstance(data["data"], dict) else results.ok(data["data"])
