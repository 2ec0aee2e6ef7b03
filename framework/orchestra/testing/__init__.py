"""Tools for tests of orchestrators, and the pytest plugin that offers them as fixtures.

The plugin is :mod:`orchestra.testing.plugin`; it registers itself where this distribution is installed, in
every run of pytest: names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestra.testing.clock import FakeClock as FakeClock
    from orchestra.testing.conformance import BackendConformance as BackendConformance
    from orchestra.testing.conformance import DurableConformance as DurableConformance
    from orchestra.testing.leaks import assert_no_leaked_tasks as assert_no_leaked_tasks
    from orchestra.testing.lifecycle import LifecycleReport as LifecycleReport
    from orchestra.testing.lifecycle import LifecycleStep as LifecycleStep
    from orchestra.testing.lifecycle import verify_lifecycle as verify_lifecycle

_HOMES = {
    "BackendConformance": "conformance",
    "DurableConformance": "conformance",
    "FakeClock": "clock",
    "LifecycleReport": "lifecycle",
    "LifecycleStep": "lifecycle",
    "assert_no_leaked_tasks": "leaks",
    "verify_lifecycle": "lifecycle",
}

__all__ = [
    "BackendConformance",
    "DurableConformance",
    "FakeClock",
    "LifecycleReport",
    "LifecycleStep",
    "assert_no_leaked_tasks",
    "verify_lifecycle",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'orchestra.testing' has no attribute {name!r}")
    value = getattr(import_module(f"orchestra.testing.{home}"), name)
    globals()[name] = value
    return value
