"""From the text of a command line to values: text, numbers, paths and choices, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin


def converter(annotation: Any, least: float | None = None) -> Callable[[Any], Any] | None:
    """Return what turns text into a value of a simple type, or None for any other type.

    What it returns raises ValueError with the end of a sentence: `--jobs cannot be -5: it should be …`.
    """
    if get_origin(annotation) is Literal:
        return _choice(get_args(annotation))
    convert = _CONVERTERS.get(annotation)
    return convert if convert is None or least is None else _at_least(least, convert)


class NotAChoiceError(ValueError):
    """A value that is none of the choices, which are at hand for a suggestion."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__("there is no such choice")
        self.known = known


def _choice(choices: tuple[str, ...]) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if value in choices:
            return str(value)
        raise NotAChoiceError(choices)

    return convert


def _at_least(least: float, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        number = convert(value)
        if number < least:
            raise ValueError(f"it should be at least {least:g}")
        return number

    return checked


def _whole(value: Any) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError("it should be a whole number") from None


def _number(value: Any) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError("it should be a number") from None


_CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    str: str,
    bool: bool,
    int: _whole,
    float: _number,
    Path: Path,
}
