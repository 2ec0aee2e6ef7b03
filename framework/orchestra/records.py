"""Values with named parts, made from JSON: dataclasses, named tuples, TypedDicts, pydantic models."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Callable
from typing import Any

from orchestra.scalars import NotConvertibleError

Part = Callable[[Any, Any, str], Any]
"""Reads a part by its annotation; the last argument says where it stands: `.name`."""


def is_record(kind: Any) -> bool:
    """Tell whether a type has named parts with annotations, which are read one by one."""
    return dataclasses.is_dataclass(kind) or typing.is_typeddict(kind) or _is_named_tuple(kind)


def record_of(value: Any, kind: Any, part: Part) -> Any:
    """Make a record from a table, or a named tuple from a list. Raises NotConvertibleError."""
    hints, required = _hints(kind), _required(kind)
    if _is_named_tuple(kind) and isinstance(value, list) and len(value) <= len(kind._fields):
        value = dict(zip(kind._fields, value, strict=False))
    if not isinstance(value, dict):
        raise NotConvertibleError(f"JSON of a {kind.__name__}", value)
    missing = [name for name in required if name not in value]
    if missing:
        wanted = f"JSON of a {kind.__name__} ({', '.join(hints)})"
        raise NotConvertibleError(f"{wanted}: {', '.join(map(repr, missing))} is missing", value)
    made = {key: part(item, hints.get(key, Any), f".{key}") for key, item in value.items()}
    try:
        return kind(**made)
    except (TypeError, ValueError) as error:
        said = (
            str(error)
            .removeprefix(f"{kind.__name__}.__init__() ")
            .removeprefix(f"{kind.__name__}.__new__() ")
        )
        raise NotConvertibleError(f"JSON of a {kind.__name__} ({', '.join(hints)}): {said}", value) from None


def model_of(value: Any, kind: Any) -> Any:
    """Let a pydantic model, or what looks like one, read its own. Raises NotConvertibleError."""
    try:
        if hasattr(kind, "model_validate_json"):  # a strict model takes a date as text in JSON only
            return kind.model_validate_json(json.dumps(value))
        return kind.model_validate(value)
    except ValueError as error:
        raise _first_of(error, value, kind) from None


def _first_of(error: ValueError, value: Any, kind: Any) -> NotConvertibleError:
    """Return what a model says is wrong first: it writes all of it, over many lines."""
    words = f"JSON of a {kind.__name__}"
    details: Any = getattr(error, "errors", None)
    if details is None:
        return NotConvertibleError(f"{words}: {error}", value)
    first = details()[0]
    *above, name = first["loc"] or ("",)
    if first["type"] == "missing":
        return NotConvertibleError(f"{words}: '{name}' is missing", first["input"], _place(above))
    said = first["msg"][:1].lower() + first["msg"][1:]
    return NotConvertibleError(f"{words}: {said}", first["input"], _place(first["loc"]))


def _place(path: typing.Iterable[Any]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def _is_named_tuple(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_field_defaults")


def _required(kind: Any) -> list[str]:
    if _is_named_tuple(kind):
        return [name for name in kind._fields if name not in kind._field_defaults]
    if typing.is_typeddict(kind):
        return sorted(kind.__required_keys__)
    return [
        one.name
        for one in dataclasses.fields(kind)
        if one.init and one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    ]


def _hints(kind: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except Exception:  # noqa: BLE001 - names that exist for type checkers only
        return dict.fromkeys(getattr(kind, "__annotations__", {}), Any)
