"""Resilience, health, telemetry and other concerns of operation.

Names are imported when they are first used: orchestrators may import each other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPORTS: Mapping[str, str] = {
    # Exported name to the module that defines it, relative to this package or absolute.
}


def __getattr__(name: str) -> object:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_EXPORTS[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_EXPORTS})
