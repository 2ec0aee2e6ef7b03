"""Which values fit an annotation: refused is only what beyond doubt does not.

The class of a value is looked at, not what is in a container. A class that says nothing for sure stays
unjudged: ``Any``, type variables, protocols without ``@runtime_checkable``, names that exist for type
checkers only.
"""

from __future__ import annotations

import collections.abc
import inspect
import numbers
import sys
import types
import typing
from dataclasses import dataclass
from typing import Any

# What type checkers take for these as well (PEP 484, "The numeric tower"; PEP 688), and JSON's only sequence.
_WIDER: dict[type, tuple[type, ...]] = {
    int: (numbers.Integral,),
    float: (numbers.Real,),
    complex: (numbers.Complex,),
    bytes: (bytearray, memoryview),
    tuple: (list,),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """The classes and the single values that fit."""

    kinds: tuple[type, ...] = ()
    values: tuple[object, ...] = ()

    def fits(self, value: object) -> bool:
        """Return whether a value fits, or cannot be judged."""
        try:
            return (
                isinstance(value, self.kinds)
                or any(value is one or bool(value == one) for one in self.values)
                or _is_stand_in(value)
                or self._has_namesake(type(value))
            )
        except Exception:  # noqa: BLE001 - foreign __instancecheck__ and __eq__, which may raise anything
            return True

    def always_fits(self, kind: type) -> bool:
        """Return whether every instance of a class fits."""
        try:
            return issubclass(kind, self.kinds)
        except Exception:  # noqa: BLE001 - protocols with data members refuse the question
            return False

    def _has_namesake(self, kind: type) -> bool:
        """Return whether the class was imported twice, as scripts and path tricks do."""
        return any(_is_same(base, one) for base in kind.__mro__ for one in self.kinds)


def expected_of(annotation: Any) -> Expected | None:
    """Return what fits an annotation; None where anything may."""
    try:
        return _expected(annotation)
    except Exception:  # noqa: BLE001 - aliases are evaluated when they are looked at, and may be endless
        return None


def _expected(annotation: Any) -> Expected | None:
    while hasattr(annotation, "__supertype__") or type(annotation).__name__ == "TypeAliasType":
        annotation = getattr(annotation, "__supertype__", None) or annotation.__value__
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _expected(arguments[0])
    if origin is typing.Literal:
        return Expected(values=arguments)
    if origin in (typing.Union, types.UnionType):
        return _either([_expected(one) for one in arguments])
    if annotation is None:
        return Expected((types.NoneType,))
    if typing.is_typeddict(origin or annotation):
        return Expected((collections.abc.Mapping,))
    return _of_class(origin or annotation)


def _of_class(kind: Any) -> Expected | None:
    if not isinstance(kind, type) or kind in (Any, object):
        return None
    if getattr(kind, "_is_protocol", False) and not getattr(kind, "_is_runtime_protocol", False):
        return None
    return Expected((kind, *_WIDER.get(kind, ())))


def _either(parts: list[Expected | None]) -> Expected | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    kinds = tuple(kind for part in known for kind in part.kinds)
    return Expected(kinds, tuple(value for part in known for value in part.values))


def _is_same(one: type, other: type) -> bool:
    modules = {kind.__module__.rpartition(".")[2] for kind in (one, other)}
    return one.__qualname__ == other.__qualname__ and (len(modules) == 1 or "__main__" in modules)


def _is_stand_in(value: object) -> bool:
    mock = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock)


def with_default(expected: Expected, default: object) -> Expected:
    """Let the default fit: ``count: int = None`` means that None may be given, whatever it says."""
    if default is inspect.Parameter.empty or expected.fits(default):
        return expected
    kind = type(default)
    more = () if kind is object else (kind,)
    return Expected((*expected.kinds, *more), (*expected.values, default))
