"""What the operations of an orchestrator take, for people who are about to call one."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from orchestra.annotations import annotations_of
from orchestra.expected import expected_of
from orchestra.parameters import plain

if TYPE_CHECKING:
    from orchestra.catalog import Operation
    from orchestra.entry import Entry


def explained(entry: Entry) -> dict[str, Any]:
    """Return name, class, text and operations, as plain values."""
    kind = type(entry.orchestrator)
    operations = entry.catalog.operations.values() if entry.routed else ()
    rows = [_operation(kind, one, is_default=one.name == entry.catalog.default) for one in operations]
    return {
        "name": entry.name,
        "class": f"{kind.__module__}.{kind.__qualname__}",
        "text": _text(kind),
        "operations": rows or [_own(kind)],
    }


def _operation(kind: type, operation: Operation, *, is_default: bool) -> dict[str, Any]:
    meanings = annotations_of(kind, operation.attribute)
    parameters = [
        _parameter(parameter, meanings)
        for parameter in operation.signature.parameters.values()
        if parameter.name != operation.context_parameter
    ]
    return {
        "name": operation.name,
        "kind": operation.kind,
        "is_default": is_default,
        "text": _text(inspect.getattr_static(kind, operation.attribute)),
        "parameters": parameters,
    }


def _own(kind: type) -> dict[str, Any]:
    """Describe a class that wrote its own ``orchestrate``."""
    method: Any = kind.orchestrate  # type: ignore[attr-defined]
    meanings = annotations_of(kind, "orchestrate")
    return {
        "name": None,
        "kind": "async",
        "is_default": True,
        "text": _text(method),
        "parameters": [
            _parameter(one, meanings) for one in list(inspect.signature(method).parameters.values())[2:]
        ],
    }


def _parameter(parameter: inspect.Parameter, meanings: dict[str, Any]) -> dict[str, Any]:
    prefix = "*" if parameter.kind is parameter.VAR_POSITIONAL else ""
    prefix = "**" if parameter.kind is parameter.VAR_KEYWORD else prefix
    annotated = parameter.annotation is not parameter.empty
    return {
        "name": prefix + parameter.name,
        "type": inspect.formatannotation(plain(parameter.annotation)) if annotated else None,
        "default": None if parameter.default is parameter.empty else repr(parameter.default),
        "is_required": parameter.default is parameter.empty and not prefix,
        "choices": _choices(meanings.get(parameter.name, Any)),
    }


def _choices(annotation: Any) -> list[str]:
    """Return the values of an enum or a Literal, also inside of a union."""
    expected = expected_of(annotation)
    if expected is None:
        return []
    members = [
        member.value for kind in expected.kinds for member in getattr(kind, "__members__", {}).values()
    ]
    return [str(one) for one in (*members, *expected.values)]


def _text(documented: Any) -> str:
    function = getattr(documented, "__func__", documented)
    written = getattr(function, "__doc__", None)
    return inspect.cleandoc(written) if isinstance(written, str) else ""
