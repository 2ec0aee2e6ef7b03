"""What the annotations of a method mean at run time, each found by itself.

``typing.get_type_hints`` of a whole function fails when one name in it exists for type checkers only. Here
such a name means :data:`typing.Any`, and the others keep their meaning.
"""

from __future__ import annotations

import builtins
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from orchestra.wrapping import written


def annotations_of(kind: type, attribute: str) -> dict[str, Any]:
    """Return parameter name to type for a method; a name that is not there at run time is ``Any``."""
    function = inspect.unwrap(_as_written(kind, attribute))
    if not isinstance(function, types.FunctionType):
        return {}
    classes = [vars(base) for base in kind.__mro__ if base.__module__ == function.__module__]
    names = _Names((*classes, function.__globals__, vars(builtins)))
    return {name: _meaning(said, names) for name, said in function.__annotations__.items()}


def is_decorated(kind: type, attribute: str) -> bool:
    """Return whether a method stands below a decorator that was not written here: what that one takes and
    what it hands on may differ.
    """
    return hasattr(_as_written(kind, attribute), "__wrapped__")


def _as_written(kind: type, attribute: str) -> Any:
    function = inspect.getattr_static(kind, attribute, None)
    return written(getattr(function, "__func__", function))


class _Names(Mapping[str, Any]):
    """What a name in an annotation stands for: the class's, the module's, a built-in, else ``Any``."""

    def __init__(self, scopes: tuple[Mapping[str, Any], ...]) -> None:
        self._scopes = scopes

    def __getitem__(self, name: str) -> Any:
        return next((scope[name] for scope in self._scopes if name in scope), Any)

    def __iter__(self) -> Iterator[str]:
        return iter({name for scope in self._scopes for name in scope})

    def __len__(self) -> int:
        return len(set(self))


def _meaning(said: Any, names: _Names) -> Any:
    holder = types.SimpleNamespace(__annotations__={"it": said})
    try:
        found: Any = typing.get_type_hints(holder, globalns={}, localns=names)["it"]
    except Exception:  # noqa: BLE001 - an annotation is any expression and may raise anything
        return Any
    return found
