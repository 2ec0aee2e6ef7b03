"""Prove that a piece of code leaves no task behind."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from orchestra.stacks import stack_of

if TYPE_CHECKING:
    from types import TracebackType


class assert_no_leaked_tasks:  # noqa: N801 - it reads as a statement
    """``async with assert_no_leaked_tasks(): …`` fails with the names and stacks of tasks that are left.

    Tasks that are ending get a few turns of the loop to do so; nothing is waited for.
    """

    def __init__(self) -> None:
        self._before: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> None:
        self._before = asyncio.all_tasks()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            return
        left = self._left()
        for _ in range(10):
            if not left:
                return
            await asyncio.sleep(0)
            left = self._left()
        if left:
            lines = [f"{task.get_name()}: {' <- '.join(reversed(stack_of(task)))}" for task in left]
            raise AssertionError("tasks were left behind:\n" + "\n".join(sorted(lines)))

    def _left(self) -> set[asyncio.Task[Any]]:
        return {task for task in asyncio.all_tasks() - self._before if not task.done()}
