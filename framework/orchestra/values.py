"""Values that a person typed or wrote as JSON, as an annotation says.

What an annotation does not say beyond doubt is JSON, else text, and left for the operation to judge.
"""

from __future__ import annotations

import collections.abc
import json
import types
import typing
from typing import Any

from orchestra.records import is_record, model_of, record_of
from orchestra.scalars import NotConvertibleError, choice_of, scalar_of, words_of, written_as

_LISTS: dict[Any, type] = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    collections.abc.Sequence: list,
    collections.abc.MutableSequence: list,
    collections.abc.Iterable: list,
    collections.abc.Collection: list,
    collections.abc.Set: set,
}
_TABLES = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


def from_text(text: str, annotation: Any = Any) -> Any:
    """Return the value that ``text`` means where ``annotation`` is expected. Raises NotConvertibleError."""
    annotation = _bare(annotation)
    if _is_union(annotation):
        return _from_union(text, typing.get_args(annotation), from_text)
    if typing.get_origin(annotation) is typing.Literal:
        return choice_of(text, typing.get_args(annotation))
    convert = scalar_of(annotation)
    if convert is not None:
        return convert(text)
    try:
        value = json.loads(text)
    except ValueError:
        words = _words(annotation)
        if words is None:
            return text
        raise NotConvertibleError(words, text) from None
    return from_json(value, annotation)


def from_json(value: Any, annotation: Any = Any) -> Any:
    """Return what a value of JSON means where ``annotation`` is expected. Raises NotConvertibleError."""
    annotation = _bare(annotation)
    if _is_union(annotation):
        return _from_union(value, typing.get_args(annotation), from_json)
    if typing.get_origin(annotation) is typing.Literal:
        return choice_of(value, typing.get_args(annotation))
    origin, members = typing.get_origin(annotation) or annotation, typing.get_args(annotation)
    if origin in _LISTS:
        return _list(value, origin, members)
    if origin in _TABLES:
        return _table(value, members)
    return _object(value, origin) if isinstance(origin, type) else value


def _bare(annotation: Any) -> Any:
    while True:
        if typing.get_origin(annotation) is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif hasattr(annotation, "__supertype__"):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":
            annotation = annotation.__value__
        else:
            return annotation


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def _from_union(value: Any, members: tuple[Any, ...], convert: Any) -> Any:
    if types.NoneType in members and value in (None, "null", "None"):
        return None
    failed: list[NotConvertibleError] = []
    # Text accepts everything, so it is asked last: `int | str` of "5" is a number.
    for member in sorted((one for one in members if one is not types.NoneType), key=lambda one: one is str):
        try:
            return convert(value, member)
        except NotConvertibleError as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    raise NotConvertibleError(" or ".join(error.expected for error in failed), value)


def _object(value: Any, kind: Any) -> Any:
    if is_record(kind):
        return record_of(value, kind, _part)
    if hasattr(kind, "model_validate"):
        return model_of(value, kind)
    return _single(value, kind)


def _single(value: Any, annotation: Any) -> Any:
    convert = scalar_of(annotation)
    if convert is None or isinstance(value, annotation):
        return value
    kind = "text" if isinstance(value, str) else "number" if _is_number(value) else ""
    if kind in written_as(annotation):
        return convert(str(value))
    raise NotConvertibleError(words_of(annotation), value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list(value: Any, kind: Any, members: tuple[Any, ...]) -> Any:
    if not isinstance(value, list):
        raise NotConvertibleError("JSON of a list", value)
    if kind is tuple and members and members[-1] is not Ellipsis:
        if len(value) != len(members):
            raise NotConvertibleError(f"JSON of a list of {len(members)}", value)
        wanted = members
    else:
        wanted = (members[0] if members else Any,) * len(value)
    items = [_part(item, one, f"[{i}]") for i, (item, one) in enumerate(zip(value, wanted, strict=True))]
    try:
        return _LISTS[kind](items)
    except TypeError:
        raise NotConvertibleError("JSON of a list of single values", value) from None


def _table(value: Any, members: tuple[Any, ...]) -> Any:
    if not isinstance(value, dict):
        raise NotConvertibleError("JSON of a table", value)
    keys, values = members or (Any, Any)
    return {
        (key if keys is Any else from_text(key, keys)): _part(item, values, f".{key}")
        for key, item in value.items()
    }


def _part(value: Any, annotation: Any, place: str) -> Any:
    try:
        return from_json(value, annotation)
    except NotConvertibleError as error:
        raise error.within(place) from None


def _words(annotation: Any) -> str | None:
    """Return what fits in words, where a text that is not JSON certainly does not."""
    origin = typing.get_origin(annotation) or annotation
    if origin in _LISTS:
        return "JSON of a list"
    if origin in _TABLES:
        return "JSON of a table"
    if isinstance(origin, type) and (is_record(origin) or hasattr(origin, "model_validate")):
        return f"JSON of a {origin.__name__}"
    return None
