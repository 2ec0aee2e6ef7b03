"""Parameters against annotations, for operations that ask for it and for command lines.

Only what annotations say beyond doubt is judged: the built-in scalars and containers, None, and unions of
these.
"""

from __future__ import annotations

import inspect
import types
import typing
from typing import TYPE_CHECKING, Any

from orchestra.errors import WrongParametersError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.catalog import Operation

_CHECKED = (str, int, float, bool, bytes, list, dict, set, tuple, type(None))


def check_types(label: str, operation: Operation, args: tuple[Any, ...], params: Mapping[str, Any]) -> None:
    """Raise WrongParametersError that names each parameter whose value does not fit its annotation."""
    bound = operation.signature.bind(*args, **params)
    wrong = []
    for name, value in bound.arguments.items():
        expected = expected_types(operation.signature.parameters[name].annotation)
        if expected and not _fits(value, expected):
            names = " or ".join(sorted(kind.__name__ for kind in expected))
            wrong.append(f"'{name}' is {type(value).__name__}, not {names}")
    if wrong:
        raise WrongParametersError(
            f"Wrong parameters for operation '{operation.name}' of '{label}': {'; '.join(wrong)}",
            hint=f"It takes {shown(operation.signature)}",
            orchestrator=label,
            operation=operation.name,
            wrong=wrong,
        )


def shown(signature: inspect.Signature) -> str:
    """Return a signature as it was written: annotations that are kept as text lose their quotes."""
    parameters = [
        parameter.replace(annotation=_plain(parameter.annotation))
        for parameter in signature.parameters.values()
    ]
    return str(
        signature.replace(parameters=parameters, return_annotation=_plain(signature.return_annotation))
    )


class _Text(str):
    """A text whose ``repr`` is the text, since that is what ``inspect`` prints."""

    __slots__ = ()
    __repr__ = str.__str__


def _plain(annotation: Any) -> Any:
    return _Text(annotation) if isinstance(annotation, str) else annotation


def expected_types(annotation: Any) -> frozenset[type]:
    """Return the built-in types that an annotation allows; nothing when it says something else as well."""
    if isinstance(annotation, str):
        annotation = _BY_NAME.get(annotation.replace(" ", ""), annotation)
        if isinstance(annotation, str):
            parts = [expected_types(_BY_NAME.get(part.strip())) for part in annotation.split("|")]
            return frozenset().union(*parts) if all(parts) else frozenset()
    if annotation is None:
        return frozenset()
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        parts = [expected_types(part) for part in typing.get_args(annotation)]
        return frozenset().union(*parts) if all(parts) else frozenset()
    plain = origin or annotation
    return frozenset({plain}) if plain in _CHECKED else frozenset()


_BY_NAME: dict[str, Any] = {kind.__name__: kind for kind in _CHECKED} | {"None": type(None)}


def _fits(value: object, expected: frozenset[type]) -> bool:
    if isinstance(value, bool):
        return bool in expected
    if isinstance(value, int) and float in expected:
        return True
    return isinstance(value, tuple(expected))
