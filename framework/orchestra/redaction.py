"""Parameters for the log: short, typed, and without secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

SECRET_WORDS = ("password", "token", "secret", "authorization", "api_key", "cookie")
REDACTED = "[redacted]"
_LONGEST = 80


class Redactor:
    """Summarises parameters; a name that contains one of the words has its value left out."""

    __slots__ = ("_pattern",)

    def __init__(self, words: Iterable[str] = ()) -> None:
        plain = [re.escape(_plain(word)) for word in (*SECRET_WORDS, *words)]
        self._pattern = re.compile("|".join(plain))

    def is_secret(self, name: str) -> bool:
        """Return whether a parameter of this name is not to be logged: ``apiKey`` and ``API-KEY`` count
        too.
        """
        return self._pattern.search(_plain(name)) is not None

    def summarise(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return name to value for short scalars, to type and size for the rest."""
        return {name: REDACTED if self.is_secret(name) else _summary(value) for name, value in params.items()}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def _summary(value: object) -> Any:
    # Text is summarised too: a bearer token may hide in a parameter whose name says nothing.
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or value.bit_length() < 64 else "int"
    kind = type(value).__name__
    if isinstance(value, str):
        return value if _looks_harmless(value) else f"{kind}({len(value)})"
    try:
        return f"{kind}({len(value)})"  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - a foreign __len__ may raise anything
        return kind


def _looks_harmless(text: str) -> bool:
    """Return whether a text is short and a word, a path or a plain address: nothing that credentials look
    like.
    """
    if len(text) > _LONGEST:
        return False
    return _CREDENTIAL.search(text) is None


_CREDENTIAL = re.compile(
    r"(?i)bearer|basic |://[^/\s]*@|password|passwd|token|secret|api[-_]?key|authorization|cookie"
    r"|sk[-_]|gh[pousr]_|xox[abprs]-|eyj|akia|-----begin"
    r"|(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{20,}"
)
