"""Runs that outlive their process: on a SQLite file, or on PostgreSQL for many machines (extra ``durable``).

An operation marked ``@operation(durable=True)`` may run on a :class:`Durable` backend. What its steps
returned stands in a journal; when the process dies, whoever serves the same version takes the run up at the
step at which it died. The engine is DBOS; see docs/durable.md and docs/decisions.

Names are loaded when they are first used: nothing of the engine is imported before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestra.durable.client import DurableClient as DurableClient
    from orchestra.durable.runs import Run as Run
    from orchestra.durable.runs import Runs as Runs
    from orchestra.durable.store import Store as Store
    from orchestra.durable.worker import Durable as Durable

_HOMES = {
    "Durable": "worker",
    "DurableClient": "client",
    "Run": "runs",
    "Runs": "runs",
    "Store": "store",
}

__all__ = ["Durable", "DurableClient", "Run", "Runs", "Store"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'orchestra.durable' has no attribute {name!r}")
    from orchestra.durable.extra import check_installed

    check_installed()
    value = getattr(import_module(f"orchestra.durable.{home}"), name)
    globals()[name] = value
    return value
