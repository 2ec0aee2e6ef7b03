"""What `spawn` gives back is the task that `create_task` would have given."""

from __future__ import annotations

import asyncio

import pytest

from orchestra import BaseOrchestrator, OrchestrationLayer, operation


class Once(BaseOrchestrator):
    def __init__(self) -> None:
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="once")

    @operation
    async def double(self, value: int) -> int:
        return value * 2


@pytest.mark.asyncio
async def test_a_spawned_task_has_the_result_of_its_function() -> None:
    once = Once()
    task = once.runtime.spawn(once.double, 21)
    assert task is not None
    assert await task == 42
    await once.cleanup()


def test_a_task_may_be_spawned_on_a_loop_that_does_not_run_yet() -> None:
    loop = asyncio.new_event_loop()
    once = Once()
    task = once.runtime.spawn(once.double, 21, loop=loop)
    assert task is not None
    assert loop.run_until_complete(task) == 42
    loop.run_until_complete(once.cleanup())
    loop.close()
