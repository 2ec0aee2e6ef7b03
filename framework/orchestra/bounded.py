"""Run somebody's clean-up, for so long and no longer."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orchestra.stacks import stack_of
from orchestra.stopping import wait_for_tasks

if TYPE_CHECKING:
    from collections.abc import Callable

CANCEL_SECONDS = 2.0
"""How long what was cancelled may take to end."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a clean-up ended: with an exception, overdue at this place, or well."""

    error: BaseException | None = None
    overdue: list[str] = field(default_factory=list)


async def run_bounded(callback: Callable[[], Any], seconds: float, name: str) -> Ended:
    """Call, and await what is returned in a task of its own: one that swallows its cancellation is left
    behind, and where it stood is told.
    """
    try:
        value = callback()
    except Exception as error:  # noqa: BLE001 - one failing clean-up stops no other
        return Ended(error)
    if not inspect.isawaitable(value):
        return Ended()

    async def run() -> None:
        await value

    task = asyncio.get_running_loop().create_task(run(), name=name)
    try:
        late = await wait_for_tasks([task], seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    stack: list[str] = []
    if late:
        stack = stack_of(task) or [name]
        task.cancel()
        await wait_for_tasks([task], CANCEL_SECONDS)
    if task.done() and not task.cancelled():
        return Ended(task.exception(), stack)
    return Ended(None, stack)
