"""Which layer may use which: one table for imports (lint) and, when switched on, for calls at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestra.errors import LayerViolationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.calls import Call

DOMAIN, APPLICATION, INFRASTRUCTURE = "domain", "application", "infrastructure"

#: What a layer may import, besides itself.
MAY_USE: Mapping[str, frozenset[str]] = {
    APPLICATION: frozenset({DOMAIN, INFRASTRUCTURE}),
    INFRASTRUCTURE: frozenset({DOMAIN}),
    DOMAIN: frozenset(),
}

#: What a layer may besides call by name through the facade.
MAY_CALL_BY_NAME: Mapping[str, frozenset[str]] = {DOMAIN: frozenset({INFRASTRUCTURE})}


def check_call(
    caller: Call, caller_layer: str | None, target: object, name: str, layer: str | None, *, by_name: bool
) -> None:
    """Raise LayerViolationError when the caller's layer may not call the target's.

    Callbacks are exempt: an orchestrator that is already in the chain of calls may be called back.
    """
    if caller_layer is None or layer is None or caller_layer == layer:
        return
    allowed = MAY_USE[caller_layer]
    if by_name:
        allowed = allowed | MAY_CALL_BY_NAME.get(caller_layer, frozenset())
    if layer in allowed or _is_callback(caller, target):
        return
    raise LayerViolationError(
        f"'{caller.name}' ({caller_layer}) may not call '{name}' ({layer})",
        hint=f"The {caller_layer} layer may use: {', '.join(sorted(allowed)) or 'no other'}",
        caller=caller.name,
        target=name,
    )


def _is_callback(caller: Call, target: object) -> bool:
    call: Call | None = caller
    while call is not None:
        if call.target is target:
            return True
        call = call.outer
    return False
