"""Values that a person typed, as an annotation says: what it does not say beyond doubt is JSON, else text."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any


class NotConvertibleError(ValueError):
    """A text that is not of the annotated type; ``expected`` says of which, in words."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def from_text(text: str, annotation: Any = None) -> Any:
    """Return the value that ``text`` means where ``annotation`` is expected. Raises NotConvertibleError."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return _from_union(text, typing.get_args(annotation))
    if typing.get_origin(annotation) is typing.Literal:
        return _from_literal(text, typing.get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _from_enum(text, annotation)
    if isinstance(annotation, str):
        annotation = _BY_NAME.get(annotation)
    origin = typing.get_origin(annotation) or annotation
    if origin in (list, tuple, set, frozenset, dict):
        return _from_json(text, origin)
    convert = _simple(annotation)
    return _guessed(text) if convert is None else convert(text)


def _from_union(text: str, members: tuple[Any, ...]) -> Any:
    if types.NoneType in members and text in ("null", "None"):
        return None
    named: list[str] = []
    # Text accepts everything, so it is asked last: `int | str` of "5" is a number.
    for member in sorted((one for one in members if one is not types.NoneType), key=lambda one: one is str):
        try:
            return from_text(text, member)
        except NotConvertibleError as error:
            named.append(error.expected)
    raise NotConvertibleError(" or ".join(named))


def _from_literal(text: str, choices: tuple[Any, ...]) -> Any:
    for choice in choices:
        if str(choice) == text:
            return choice
    raise NotConvertibleError("one of " + ", ".join(str(choice) for choice in choices))


def _from_enum(text: str, kind: type[Enum]) -> Enum:
    for member in kind:
        if text in (member.name, str(member.value)):
            return member
    raise NotConvertibleError("one of " + ", ".join(str(member.value) for member in kind))


def _from_json(text: str, kind: type) -> Any:
    expected = "JSON of a table" if kind is dict else "JSON of a list"
    try:
        value = json.loads(text)
    except ValueError:
        raise NotConvertibleError(expected) from None
    if not isinstance(value, dict if kind is dict else list):
        raise NotConvertibleError(expected)
    return kind(value)


def _guessed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _simple(annotation: Any) -> Callable[[str], Any] | None:
    """Return what makes a value of a type whose constructor takes its text."""
    if annotation is bool:
        return _boolean
    if not isinstance(annotation, type):
        return None
    words = _NAMED.get((annotation.__module__, annotation.__qualname__))
    if words is None:
        return None
    parse: Callable[[str], Any] = getattr(annotation, "fromisoformat", annotation)

    def convert(text: str) -> Any:
        try:
            return parse(text)
        except (ValueError, ArithmeticError):
            raise NotConvertibleError(words) from None

    return convert


def _boolean(text: str) -> bool:
    value = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower())
    if value is None:
        raise NotConvertibleError("true or false")
    return value


# By name, so that none of these modules is imported for a project that does not use it.
_NAMED: Mapping[tuple[str, str], str] = {
    ("builtins", "str"): "a text",
    ("builtins", "int"): "a whole number",
    ("builtins", "float"): "a number",
    ("pathlib", "Path"): "a path",
    ("datetime", "date"): "a date such as 2026-01-31",
    ("datetime", "datetime"): "a time such as 2026-01-31T12:00:00",
    ("decimal", "Decimal"): "a number",
    ("uuid", "UUID"): "a UUID",
}

_BY_NAME: Mapping[str, type] = {
    kind.__name__: kind for kind in (str, int, float, bool, list, dict, set, tuple)
}
