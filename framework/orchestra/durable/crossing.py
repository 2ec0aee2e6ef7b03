"""Parameters on their way through a store: what JSON has no form for is read again by its annotation.

The reading is that of ``orchestra run``. It is tried before anything is enqueued, so that what would come
back as anything else is refused by name.
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from orchestra.annotations import annotations_of
from orchestra.envelopes import as_json
from orchestra.errors import NotSerializableError
from orchestra.scalars import NotConvertibleError, scalar_of
from orchestra.values import from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestra.catalog import Operation
    from orchestra.entry import Entry


def written_parameters(
    entry: Entry, operation: Operation, params: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Return the parameters as JSON, and the names of those that are to be read by their annotations.

    Raises NotSerializableError, naming a parameter that would not come back as it was.
    """
    wanted = annotations_of(type(entry.orchestrator), operation.attribute)
    written: dict[str, Any] = {}
    typed: list[str] = []
    for name, value in params.items():
        try:
            written[name] = as_json(value, name)
        except NotSerializableError:
            if not _comes_back(value, wanted.get(name, Any)):
                raise
            written[name] = _plain(value)
            typed.append(name)
    return written, typed


def read_parameters(
    entry: Entry, operation: Operation, written: Mapping[str, Any], typed: Iterable[str]
) -> dict[str, Any]:
    """Return the parameters of :func:`written_parameters` as they were. Raises NotConvertibleError."""
    wanted = annotations_of(type(entry.orchestrator), operation.attribute)
    return {**written, **{name: from_json(written[name], wanted.get(name, Any)) for name in typed}}


def _comes_back(value: Any, annotation: Any) -> bool:
    try:
        return _is_same(from_json(as_json(_plain(value), ""), annotation), value)
    except (NotSerializableError, NotConvertibleError, UnicodeDecodeError, RecursionError):
        return False


def _plain(value: Any) -> Any:
    """Return a value as JSON would say it, for what is read by annotations; the rest unchanged."""
    if isinstance(value, Enum):
        return value.name
    if type(value) is dict:
        return {_key(key): _plain(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return [_plain(item) for item in value]
    if type(value) in (set, frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value) if one.init}
    return _key(value)


def _key(value: Any) -> Any:
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Enum):
        return value.name
    kind = next((one for one in type(value).__mro__ if scalar_of(one) is not None), None)
    if kind is None:
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _is_same(found: Any, value: Any) -> bool:
    """Return whether two values are equal, down to the types of their parts."""
    if type(found) is not type(value):
        return False
    if dataclasses.is_dataclass(value):
        names = [one.name for one in dataclasses.fields(value)]
        return all(_is_same(getattr(found, name), getattr(value, name)) for name in names)
    if isinstance(value, dict):
        pairs = zip(found.items(), value.items(), strict=False)
        return len(found) == len(value) and all(_is_same(one, other) for one, other in pairs)
    if isinstance(value, list | tuple):
        return len(found) == len(value) and all(map(_is_same, found, value))
    if isinstance(value, set | frozenset):
        return sorted(map(repr, found)) == sorted(map(repr, value))
    return repr(found) == repr(value)
