"""Single values that a person typed, as a simple annotation says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any


class NotConvertibleError(ValueError):
    """A value that is not of the annotated type; ``expected`` says of which, in words, ``where`` in which
    part.
    """

    def __init__(self, expected: str, given: object, where: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.given = given
        self.where = where

    def within(self, place: str) -> NotConvertibleError:
        """Return the same for the whole that the value is a part of."""
        return NotConvertibleError(self.expected, self.given, place + self.where)


def scalar_of(annotation: Any) -> Callable[[str], Any] | None:
    """Return what makes a value of a type from its text; None for types that have no text of their own."""
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, Enum):
        return lambda text: _member(text, annotation)
    if annotation is bool:
        return _boolean
    words = _NAMED.get((annotation.__module__, annotation.__qualname__))
    if words is None:
        return None
    parse: Any = _PARSERS.get(annotation.__qualname__) or getattr(annotation, "fromisoformat", annotation)

    def convert(text: str) -> Any:
        try:
            return parse(text)
        except (ValueError, ArithmeticError):
            raise NotConvertibleError(words, text) from None

    return convert


def written_as(annotation: type) -> tuple[str, ...]:
    """Return what JSON writes such a value as where it has no form of its own for it: text, number."""
    if issubclass(annotation, Enum):
        return ("text", "number")
    return _WRITTEN.get(annotation.__qualname__, ("text",))


def words_of(annotation: type) -> str:
    """Return what fits, in words."""
    if issubclass(annotation, Enum):
        return one_of(tuple(member.value for member in annotation))
    return _NAMED.get((annotation.__module__, annotation.__qualname__), "true or false")


def choice_of(text: object, choices: tuple[Any, ...]) -> Any:
    """Return the choice that is meant by its value or by its text."""
    for choice in choices:
        if choice == text or (isinstance(text, str) and str(choice) == text):
            return choice
    raise NotConvertibleError(one_of(choices), text)


def one_of(choices: tuple[Any, ...]) -> str:
    """Return the choices in words."""
    return "one of " + ", ".join(str(choice) for choice in choices)


def _member(text: str, kind: type[Enum]) -> Enum:
    for member in kind:
        if text in (member.name, str(member.value)):
            return member
    raise NotConvertibleError(words_of(kind), text)


def _boolean(text: str) -> bool:
    value = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower())
    if value is None:
        raise NotConvertibleError("true or false", text)
    return value


def _duration(text: str) -> Any:
    from datetime import timedelta

    return timedelta(seconds=float(text))


_PARSERS: Mapping[str, Callable[[str], Any]] = {"timedelta": _duration, "bytes": str.encode}

# By name, so that none of these modules is imported for a project that does not use it.
_NAMED: Mapping[tuple[str, str], str] = {
    ("builtins", "str"): "a text",
    ("builtins", "bytes"): "a text",
    ("builtins", "int"): "a whole number",
    ("builtins", "float"): "a number",
    ("builtins", "complex"): "a number",
    ("pathlib", "Path"): "a path",
    ("pathlib", "PurePath"): "a path",
    ("datetime", "date"): "a date such as 2026-01-31",
    ("datetime", "datetime"): "a time such as 2026-01-31T12:00:00",
    ("datetime", "time"): "a time of day such as 12:30",
    ("datetime", "timedelta"): "a number of seconds",
    ("decimal", "Decimal"): "a number",
    ("fractions", "Fraction"): "a number",
    ("uuid", "UUID"): "a UUID",
}

_WRITTEN: Mapping[str, tuple[str, ...]] = {
    "str": (),
    "bool": (),
    "int": (),
    "float": ("number",),
    "complex": ("number", "text"),
    "Decimal": ("number", "text"),
    "Fraction": ("number", "text"),
    "timedelta": ("number",),
}
