"""Calls that are in flight when what they run on is closed: they get time to end, then they are cancelled."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestra.bounded import CANCEL_SECONDS
from orchestra.calls import CURRENT, DIRECT
from orchestra.stacks import frames_of, stack_of
from orchestra.stopping import StopSignal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade

Found = dict[asyncio.Task[Any], tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Drained:
    """Whose calls were cancelled, and whose calls would not end even then, with their stacks."""

    interrupted: list[tuple[str, list[str]]] = field(default_factory=list)
    overdue: list[tuple[str, list[str]]] = field(default_factory=list)


async def drain(facade: OrchestrationFacade, entries: Sequence[Entry], seconds: float) -> Drained:
    """Wait until no call of these orchestrators is in flight but those around this one; cancel what is late.

    Tasks are searched only then, by what they await, so that a call costs nothing for it.
    """
    own = _calls_around(entries)
    idle = StopSignal()

    def look() -> None:
        if _in_flight(entries) <= own:
            idle.set()

    facade.observers.append(look)
    try:
        look()
        if await idle.wait(seconds):
            return Drained()
        late = _calling(facade, entries)
        for task in late:
            task.cancel()
        if await idle.wait(CANCEL_SECONDS):
            return Drained(interrupted=list(late.values()))
        left = _calling(facade, entries)
        ended = [where for task, where in late.items() if task not in left]
        # Calls on other loops are waited for, and named, but theirs to cancel.
        named = list(left.values()) or [(one.name, []) for one in entries if one.counters.in_flight]
        return Drained(ended, named)
    finally:
        facade.observers.remove(look)


def _in_flight(entries: Sequence[Entry]) -> int:
    return sum(entry.counters.in_flight for entry in entries)


def _calls_around(entries: Sequence[Entry]) -> int:
    """Return how many calls of these orchestrators wait for this very code."""
    targets = [entry.orchestrator for entry in entries]
    found, call = 0, CURRENT.get()
    while call is not None:
        if call.alive and call.operation is not DIRECT and any(call.target is one for one in targets):
            found += 1
        call = call.outer
    return found


def _calling(facade: OrchestrationFacade, entries: Sequence[Entry]) -> Found:
    """Return the tasks of this loop in which such a call is in progress, with its name and its stack."""
    found: Found = {}
    me = asyncio.current_task()
    for task in asyncio.all_tasks():
        name = None if task is me else _called_in(task, facade, entries)
        if name is not None:
            found[task] = (name, stack_of(task))
    return found


def _called_in(task: asyncio.Task[Any], facade: OrchestrationFacade, entries: Sequence[Entry]) -> str | None:
    from orchestra.streams import Stream

    codes = (type(facade).orchestrate.__code__, type(facade).call.__code__)
    for frame in frames_of(task):
        entry = None
        if frame.f_code in codes and frame.f_locals["self"] is facade:
            entry = frame.f_locals.get("entry")
        elif frame.f_code is Stream.__anext__.__code__:
            entry = frame.f_locals["self"].entry
        if entry is not None and any(entry is one for one in entries):
            return str(entry.name)
    return None
