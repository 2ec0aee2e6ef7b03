"""Refuse options that have no meaning, before they fail somewhere else."""

from __future__ import annotations

from collections.abc import Iterable

from orchestra.errors import InvalidOptionError


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raise InvalidOptionError unless the value is one of the choices."""
    if value not in choices:
        raise InvalidOptionError(f"{name}={value!r} is unknown", hint=f"Use one of {', '.join(choices)}")


def check_count(name: str, value: object, least: int, why: str = "is no number of anything") -> None:
    """Raise InvalidOptionError unless the value is a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidOptionError(f"{name}={value!r} {why}", hint=f"Give {least} or more")


def check_callable(name: str, value: object, wanted: str) -> None:
    """Raise InvalidOptionError unless the value can be called."""
    if not callable(value):
        raise InvalidOptionError(f"{name}={value!r} cannot be called", hint=f"Give {wanted}")


def check_words(name: str, value: object) -> tuple[str, ...]:
    """Return several texts; raise InvalidOptionError for a sole one, which would count letter by letter."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidOptionError(f"{name}={value!r} is no list of words", hint=f'Give {name}=["word", …]')
    words = tuple(value)
    for word in words:
        if not isinstance(word, str) or not any(letter.isalnum() for letter in word):
            raise InvalidOptionError(f"{name} has {word!r}, which is no word", hint="Give words with letters")
    return words
