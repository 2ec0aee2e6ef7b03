"""Make and recognise results of the class that the project uses.

A project's own class needs ``ok(**data)`` and ``fail(error, …)``; ``skip`` is used where it exists. Its
categories are matched by name, PROCESSING where one is missing.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import MutableMapping
from enum import Enum
from typing import Any

from orchestra.categories import ErrorCategory, category_of
from orchestra.errors import InvalidResultClassError, InvalidResultError
from orchestra.result import StepResult


class Results:
    """The results of one class."""

    __slots__ = ("_fail_keywords", "_kinds", "_skip_keywords", "categories", "kind")

    def __init__(self, kind: Any = StepResult) -> None:
        if not isinstance(kind, type):
            raise _no_result_class(kind)
        self.kind: Any = kind
        self._kinds = (kind, StepResult)
        ok, fail, skip = (getattr(kind, name, None) for name in ("ok", "fail", "skip"))
        if not callable(ok) or not callable(fail):
            raise _no_result_class(kind)
        self.categories = _categories(kind)
        self._fail_keywords = _keywords(fail)
        self._skip_keywords = _keywords(skip) if callable(skip) else frozenset()

    def ok(self, value: object) -> Any:
        """Return a success that holds a plain return value as ``result``."""
        return self.kind.ok(result=value)

    def skip(self, reason: str) -> Any:
        """Return a skipped step, or a success that says so where the class knows no skipping."""
        if not hasattr(self.kind, "skip"):
            return self.kind.ok(skipped=True, reason=reason)
        keywords = self._skip_keywords
        return self.kind.skip(reason=reason) if "reason" in keywords or "**" in keywords else self.kind.skip()

    def fail(self, error: BaseException, category: ErrorCategory | None = None) -> Any:
        """Return a failure that keeps the exception where the class has room for it."""
        category = category or category_of(error)
        message = str(error) or type(error).__name__
        keywords: dict[str, Any] = {}
        if "error_category" in self._fail_keywords and self.categories is not None:
            keywords["error_category"] = _member(self.categories, category)
        if "retryable" in self._fail_keywords:
            keywords["retryable"] = category.transient
        result = self.kind.fail(message, **keywords)
        metadata = getattr(result, "metadata", None)
        if isinstance(metadata, MutableMapping):
            metadata["exception"] = error
        return result

    def of(self, value: object) -> Any:
        """Return what an operation returned if it is a result: of this class, of ours, or of the same shape;
        else a success that holds it.
        """
        return value if isinstance(value, self._kinds) or _looks_like_result(type(value)) else self.ok(value)

    def check(self, value: object, orchestrator: str) -> Any:
        """Return what an ``orchestrate`` returned if it is a result; raise InvalidResultError otherwise."""
        if hasattr(value, "success"):
            return value
        raise InvalidResultError(
            f"orchestrate() of '{orchestrator}' returned {type(value).__name__}, which has no 'success'",
            hint=f"Return {self.kind.__name__}.ok(…) or {self.kind.__name__}.fail(…)",
            orchestrator=orchestrator,
        )


def _no_result_class(kind: object) -> InvalidResultClassError:
    return InvalidResultClassError(
        f"{kind!r} is not a result class",
        hint="Give a class with the class methods ok(**data) and fail(error, …)",
    )


def category_name(result: object) -> str:
    """Return the category of a failed result of any class as upper-case text."""
    category = getattr(result, "error_category", None)
    if isinstance(category, Enum):
        return category.name
    return str(category).upper() if category else "PROCESSING"


def _looks_like_result(kind: type) -> bool:
    fields = getattr(kind, "__dataclass_fields__", None) or getattr(kind, "__annotations__", {})
    return {"success", "data", "error"} <= set(fields)


def _categories(kind: type[Any]) -> type[Enum] | None:
    """Return the enum of categories that stands beside the result class."""
    if kind is StepResult:
        return ErrorCategory
    for base in kind.__mro__:
        found = getattr(sys.modules.get(base.__module__), "ErrorCategory", None)
        if isinstance(found, type) and issubclass(found, Enum):
            return found
    return None


def _member(categories: type[Enum], category: ErrorCategory) -> Enum | None:
    members = categories.__members__
    return members.get(category.name) or members.get("PROCESSING")


def _keywords(function: Any) -> frozenset[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return frozenset()
    names = {parameter.name for parameter in parameters if parameter.kind != parameter.VAR_KEYWORD}
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in parameters):
        names.add("**")
    return frozenset(names)
