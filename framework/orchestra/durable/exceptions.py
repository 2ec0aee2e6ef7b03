"""Exceptions as JSON, so that an operation may catch what a step raised, also when the step is not redone.

No code is loaded on the way back: a class counts only when its module is imported already and it is an
exception. One that cannot be found comes back as a StepFailedError that names it.
"""

from __future__ import annotations

import sys
from typing import Any

from orchestra.categories import category_of
from orchestra.envelopes import as_json
from orchestra.errors import NotSerializableError, StepFailedError

MARK = "$exception"
"""The sole key of the JSON object that an exception is written as."""


def exception_as_json(error: BaseException) -> dict[str, Any]:
    """Return type, arguments, fields and category; what JSON cannot carry as its text."""
    kind = type(error)
    return {
        MARK: {
            "module": kind.__module__,
            "name": kind.__qualname__,
            "args": [_kept(value) for value in error.args],
            "fields": {key: _kept(value) for key, value in vars(error).items() if not key.startswith("__")},
            "category": category_of(error).name,
            "message": str(error) or kind.__name__,
        }
    }


def exception_of_json(data: dict[str, Any]) -> Exception:
    """Return the exception that :func:`exception_as_json` wrote."""
    found = data[MARK]
    kind = _class_of(found["module"], found["name"])
    if kind is None:
        return _unknown(found)
    try:
        error = kind.__new__(kind, *found["args"])
    except TypeError:
        return _unknown(found)
    error.args = tuple(found["args"])
    vars(error).update(found["fields"])
    return error


def is_exception(data: object) -> bool:
    """Return whether a JSON value is an exception."""
    return type(data) is dict and data.keys() == {MARK}


def _kept(value: Any) -> Any:
    try:
        return as_json(value, "value")
    except NotSerializableError:
        return str(value)


def _class_of(module: str, name: str) -> type[Exception] | None:
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else None


def _unknown(found: dict[str, Any]) -> StepFailedError:
    return StepFailedError(f"{found['name']}: {found['message']}", error_category=found["category"])
