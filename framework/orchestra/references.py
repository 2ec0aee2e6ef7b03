"""Stand-ins for what JSON cannot carry: ``Ref("customer", 5)`` travels, the customer is loaded on arrival.

A facade knows how to load each kind (:meth:`~orchestra.OrchestrationFacade.resolve_with`). A durable
operation finds the loaded object in its parameter, in this process as on any other.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestra.errors import UnknownReferenceError
from orchestra.layers import nearest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Resolver = Callable[[Any], Any | Awaitable[Any]]

MARK = "$ref"
"""The sole key of the JSON object that a reference is written as."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Names an object by its kind and id, in place of an object that cannot be written as JSON."""

    kind: str
    id: str | int


def reference_in(value: object) -> Ref | None:
    """Return the reference that a value is, as itself or as JSON."""
    if isinstance(value, Ref):
        return value
    if type(value) is dict and value.keys() == {MARK}:
        kind, identifier = value[MARK]
        return Ref(kind, identifier)
    return None


def holds_reference(value: object) -> bool:
    """Return whether there is a reference in a value, however deep."""
    if reference_in(value) is not None:
        return True
    items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return any(holds_reference(item) for item in items)  # type: ignore[attr-defined]


async def resolved(params: Mapping[str, Any], resolvers: Mapping[str, Resolver]) -> dict[str, Any]:
    """Return the parameters with every reference in them loaded, however deep in lists and objects.

    Raises UnknownReferenceError, naming the parameter, for a kind that nothing loads.
    """
    return {name: await _loaded(name, value, resolvers) for name, value in params.items()}


async def _loaded(where: str, value: Any, resolvers: Mapping[str, Resolver]) -> Any:
    reference = reference_in(value)
    if reference is not None:
        resolver = resolvers.get(reference.kind)
        if resolver is None:
            raise _unknown(where, reference, resolvers)
        found = resolver(reference.id)
        return await found if inspect.isawaitable(found) else found
    if type(value) is list:
        return [await _loaded(f"{where}[{i}]", item, resolvers) for i, item in enumerate(value)]
    if type(value) is dict:
        return {key: await _loaded(f"{where}.{key}", item, resolvers) for key, item in value.items()}
    return value


def _unknown(where: str, reference: Ref, resolvers: Mapping[str, Resolver]) -> UnknownReferenceError:
    return UnknownReferenceError(
        f"Nothing loads the reference in '{where}': its kind is '{reference.kind}'"
        f".{nearest(reference.kind, resolvers)}",
        hint=f"Say how: facade.resolve_with('{reference.kind}', load)",
        kind=reference.kind,
    )
