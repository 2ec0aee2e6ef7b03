"""The three layers, the nine types, and how members of a project's own enums are read.

Source: the guide, "Enums"; a project's ``protocols.py`` may hold its own enums, so values are compared, never
members.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING

from orchestra.errors import InvalidLayerError, InvalidNameError, InvalidOrchestrationTypeError

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


class OrchestrationLayer(Enum):
    """Where an orchestrator belongs."""

    DOMAIN = "domain"
    APPLICATION = "application"
    INFRASTRUCTURE = "infrastructure"


class OrchestrationType(Enum):
    """How an orchestrator coordinates; advice for readers, no behaviour hangs on it."""

    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"
    HIERARCHICAL = "hierarchical"
    ADAPTIVE = "adaptive"
    FEEDBACK = "feedback"
    MONITORING = "monitoring"
    COORDINATION = "coordination"
    LIFECYCLE = "lifecycle"
    BUSINESS_LOGIC = "business_logic"


LAYER_VALUES = tuple(layer.value for layer in OrchestrationLayer)


def layer_value(layer: object) -> str:
    """Return the string behind a layer of any enum; raise InvalidLayerError for anything else."""
    value = layer.value if isinstance(layer, Enum) else None
    if value in LAYER_VALUES:
        return str(value)
    raise InvalidLayerError(
        f"{layer!r} is not a layer",
        hint=f"Use OrchestrationLayer.{_member(OrchestrationLayer, layer, 'DOMAIN')} "
        "(DOMAIN, APPLICATION or INFRASTRUCTURE)",
        layer=repr(layer),
    )


def type_value(orchestration_type: object) -> str:
    """Return the string behind an orchestration type of any enum."""
    if isinstance(orchestration_type, Enum) and isinstance(orchestration_type.value, str):
        return orchestration_type.value
    member = _member(OrchestrationType, orchestration_type, "SEQUENTIAL")
    raise InvalidOrchestrationTypeError(
        f"{orchestration_type!r} is not an orchestration type",
        hint=f"Use OrchestrationType.{member}, or a member with a string value of an enum of your own",
        orchestration_type=repr(orchestration_type),
    )


def check_name(name: object) -> str:
    """Return a usable orchestrator name; raise InvalidNameError otherwise."""
    if isinstance(name, str) and _NAME.match(name):
        return name
    raise InvalidNameError(
        f"{name!r} is not a name for an orchestrator",
        hint="Use letters, digits, '_', '-' and '.', beginning with a letter, such as 'my_orchestrator'",
        name=repr(name),
    )


def nearest(name: str, names: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` with the closest of the names, or an empty string."""
    close = get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f" Did you mean '{close[0]}'?" if close else ""


def _member(kind: type[Enum], given: object, default: str) -> str:
    wanted = str(given).rpartition(".")[2].upper()
    close = get_close_matches(wanted, [member.name for member in kind], n=1)
    return close[0] if close else default
