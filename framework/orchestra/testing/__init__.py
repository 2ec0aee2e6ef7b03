"""Tools for tests of orchestrators, and the pytest plugin that offers them as fixtures.

The plugin is :mod:`orchestra.testing.plugin`; it registers itself where this distribution is installed.
"""

from __future__ import annotations

from orchestra.testing.clock import FakeClock
from orchestra.testing.leaks import assert_no_leaked_tasks
from orchestra.testing.lifecycle import LifecycleReport, LifecycleStep, verify_lifecycle

__all__ = [
    "FakeClock",
    "LifecycleReport",
    "LifecycleStep",
    "assert_no_leaked_tasks",
    "verify_lifecycle",
]
