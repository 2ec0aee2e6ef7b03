"""Which type a setting has, how text becomes one, and which values cannot work."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from orchestra_codemods.config.errors import InvalidSettingError, WrongTypeError
from orchestra_codemods.config.model import LAYERS, Config

TEXT = "a string"
TEXTS = "a list of strings"
NUMBER = "a whole number"
TABLE = "a table of strings"

_OURS = frozenset({"orchestra", "orchestra_cli", "orchestra_codemods", "orchestra_templates"})

_TYPES: Mapping[str, str] = {
    "tuple[str, ...]": TEXTS,
    "int": NUMBER,
    "Mapping[str, str]": TABLE,
}
"""What is written behind the name of a field to its type in words; anything else is text."""


def type_of(name: str) -> str:
    """Return the type of a field of Config, in words."""
    return _TYPES.get(str(Config.__annotations__[name]), TEXT)


def checked_type(key: str, value: Any, expected: str, where: str) -> Any:
    """Return a TOML value as Config holds it. Raises WrongTypeError."""
    if expected == TEXT and isinstance(value, str):
        return value
    if expected == NUMBER and isinstance(value, int) and not isinstance(value, bool):
        return value
    if expected == TEXTS and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if (
        expected == TABLE
        and isinstance(value, dict)
        and all(isinstance(item, str) for item in value.values())
    ):
        return dict(value)
    raise WrongTypeError(
        f"`{key}` in {where} is {value!r}, it should be {expected}",
        hint=f'Write `{key} = ["{value}"]`.'
        if expected == TEXTS and isinstance(value, str)
        else "Change the value.",
        key=key,
    )


def from_text(text: str, expected: str) -> Any:
    """Return the value that an environment variable means; lists are separated by commas.

    Raises ValueError with the end of a sentence.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if expected == NUMBER:
        try:
            return int(text)
        except ValueError:
            raise ValueError("is not a whole number") from None
    if expected == TEXTS:
        return tuple(parts)
    if expected == TABLE:
        if not all("=" in part for part in parts):
            raise ValueError("is not of the form `name=module:function,…`")
        return {part.partition("=")[0].strip(): part.partition("=")[2].strip() for part in parts}
    return text


def check(root: Path, name: str, value: Any, where: str) -> None:
    """Raise InvalidSettingError where a value of the right type cannot work."""
    complaint, hint = _CHECKS.get(name, _accept)(value, root)
    if complaint:
        key = name.replace("_", "-")
        raise InvalidSettingError(f"`{key}` from {where} {complaint}", hint=hint, key=key)


def why_no_module(name: str) -> tuple[str, str]:
    """Return why ``name`` is no dotted import name, and a suggestion; two empty strings where it is one."""
    if all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split(".")):
        return "", ""
    suggestion = _suggested_module(name)
    hint = f"Did you mean `{suggestion}`?" if suggestion else "Write it as in an import statement."
    reserved = [part for part in name.split(".") if keyword.iskeyword(part)]
    if reserved:
        return f"is `{name}`, in which `{reserved[0]}` is a keyword of Python", hint
    if "/" in name or "\\" in name:
        return f"is `{name}`, which is a path and not an import name", hint
    return f"is `{name}`, which is not an import name", hint


def _suggested_module(name: str) -> str:
    pieces = [piece for piece in name.replace("\\", "/").replace("/", ".").split(".") if piece]
    cleaned = ["".join(c if c.isidentifier() or c.isdigit() else "_" for c in piece) for piece in pieces]
    fixed = [f"{piece}_" if keyword.iskeyword(piece) else piece for piece in cleaned]
    fixed = [piece if piece.isidentifier() else f"_{piece}" for piece in fixed]
    return ".".join(fixed) if any(piece.strip("_") for piece in fixed) else ""


_Complaint = tuple[str, str]


def _accept(_value: Any, _root: Path) -> _Complaint:
    return "", ""


def _module(value: str, _root: Path) -> _Complaint:
    return why_no_module(value)


def _own_package(value: str, _root: Path) -> _Complaint:
    first = value.partition(".")[0]
    if first in sys.stdlib_module_names:
        why = f"is `{value}`, which would hide the module `{first}` of Python itself"
    elif first in _OURS:
        why = f"is `{value}`, which would hide the framework's `{first}`"
    else:
        return why_no_module(value)
    return why, f"Did you mean `{value.replace('.', '_')}_orchestrators`?"


def _callable(value: str, _root: Path) -> _Complaint:
    module, colon, function = value.partition(":")
    if not colon or why_no_module(module)[0] or why_no_module(function)[0]:
        return f"is `{value}`, which is not of the form `module:function`", "Name the module as in an import."
    return "", ""


def _callables(value: Mapping[str, str], root: Path) -> _Complaint:
    return next((found for item in value.values() if (found := _callable(item, root))[0]), ("", ""))


def _folders(value: tuple[str, ...], root: Path) -> _Complaint:
    for item in value:
        path = PurePosixPath(item)
        outside = path.is_absolute() or "\\" in item or ".." in path.parts
        if outside or not (root / item).resolve().is_relative_to(root.resolve()):
            return f"names `{item}`, which is outside the project", "Name a folder below the project's root."
    return "", ""


def _days(value: int, _root: Path) -> _Complaint:
    return ("", "") if value > 0 else (f"is {value}, it should be positive", "The default is 90.")


def _layers(value: Mapping[str, str], _root: Path) -> _Complaint:
    """A project may add layers; a name that is nearly one of ours is a slip."""
    from difflib import get_close_matches

    known = {*LAYERS, *value}
    named = {*value, *(other for others in value.values() for other in others.split())}
    for name in sorted(named.difference(LAYERS)):
        close = get_close_matches(name, LAYERS, n=1, cutoff=0.8)
        if close or name not in known:
            hint = f"Did you mean `{close[0]}`?" if close else f"Layers are {', '.join(sorted(known))}."
            return f"names the layer `{name}`, which does not exist", hint
    return "", ""


_CHECKS: Mapping[str, Callable[[Any, Path], _Complaint]] = {
    "package": _own_package,
    "step_result": _module,
    "source_roots": _folders,
    "templates": _folders,
    "app": _callable,
    "layers": _layers,
    "factories": _callables,
    "remove_after_days": _days,
}
