"""A task that outlives its call is background work; one that the call waits for is not."""

import pytest

from orchestra_codemods.inventory import take
from tests.support.projects import project_of

LOOP = "    async def _loop(self):\n        while True: await asyncio.sleep(1)\n"

BACKGROUND = {
    "without a handle": ("asyncio.create_task(self._loop())", None, "none"),
    "in an attribute": ("self._task = asyncio.create_task(self._loop())", "self._task", "none"),
    "with an annotation": ("self._task: asyncio.Task = create_task(self._loop())", "self._task", "none"),
    "in a list": ("self._tasks.append(asyncio.create_task(self._loop()))", "self._tasks", "none"),
    "in a dict": ("self._tasks['a'] = asyncio.create_task(self._loop())", "self._tasks['a']", "none"),
    "in a list at once": (
        "self._tasks = [asyncio.create_task(self._loop()) for _ in x]",
        "self._tasks",
        "none",
    ),
    "of a loop": ("loop.create_task(self._loop())", None, "none"),
    "of the current loop": ("asyncio.get_event_loop().create_task(self._loop())", None, "none"),
    "ensured": ("asyncio.ensure_future(self._loop())", None, "none"),
    "named": ("asyncio.create_task(coro=self._loop(), name='x')", None, "none"),
    "only with a callback": ("asyncio.create_task(self._loop()).add_done_callback(print)", None, "none"),
    "a thread": ("threading.Thread(target=self._loop, daemon=True).start()", None, "none"),
    "a local nobody awaits": ("task = asyncio.create_task(self._loop())", "task", "none"),
}
TASK = "asyncio.create_task(self._loop())"
ONE_SHOT = {
    "awaited": f"await {TASK}",
    "awaited later": f"task = {TASK}\n        await task",
    "gathered": f"await asyncio.gather({TASK}, other())",
    "gathered from a list": f"tasks = [{TASK}]\n        await asyncio.gather(*tasks)",
    "gathered later": f"t = []\n        t.append({TASK})\n        await asyncio.gather(*t)",
    "waited for": f"tasks = {{{TASK}}}\n        await asyncio.wait(tasks)",
    "as completed": f"t = [{TASK}]\n        for each in asyncio.as_completed(t): await each",
    "each awaited": f"tasks = [{TASK}]\n        for each in tasks: await each",
    "in an attribute, awaited": f"self._t = {TASK}\n        await self._t",
    "of a task group": "async with asyncio.TaskGroup() as g:\n            g.create_task(self._loop())",
    "given to the caller": f"return {TASK}",
    "given to the caller together": f"tasks = [{TASK}]\n        return asyncio.gather(*tasks)",
    "a joined thread": "t = threading.Thread(target=self._loop)\n        t.start()\n        t.join()",
}


def tasks(method: str, more: str = LOOP) -> list[tuple[str, str | None, str]]:
    text = f"class FlowOrchestrator:\n    async def start(self):\n        {method}\n{more}"
    (found,) = take(project_of({"app/flow.py": text})).orchestrators
    assert {task.created_in for task in found.background_tasks} <= {"start"}
    return [(task.method, task.handle, task.stop) for task in found.background_tasks]


@pytest.mark.parametrize(("method", "handle", "stop"), BACKGROUND.values(), ids=BACKGROUND)
def test_a_task_that_outlives_its_call_is_found(method: str, handle: str | None, stop: str) -> None:
    assert tasks(method) == [("_loop", handle, stop)]


@pytest.mark.parametrize("method", ONE_SHOT.values(), ids=ONE_SHOT)
def test_a_task_of_one_call_is_not(method: str) -> None:
    assert tasks(method) == []


STOPS = {
    "none": "while True: pass",
    "flag": "while self._running: pass",
    "event": "while not self._stop.is_set(): pass",
    "end-of-input": "async for item in self._items: pass",
}


@pytest.mark.parametrize(("stop", "loop"), STOPS.items(), ids=STOPS)
def test_the_loop_says_how_it_ends(stop: str, loop: str) -> None:
    found = tasks(
        "self._task = asyncio.create_task(self._loop())", f"    async def _loop(self):\n        {loop}\n"
    )
    assert found == [("_loop", "self._task", stop)]


@pytest.mark.parametrize(
    ("stopping", "stop"),
    [
        ("self._task.cancel()", "cancel"),
        ("self._task.cancel()\n        await self._task", "cancel-and-gather"),
        ("for t in [self._task]: t.cancel()", "cancel"),
        (
            "ts = list(self._task)\n        for t in ts: t.cancel()\n        await asyncio.gather(*ts)",
            "cancel-and-gather",
        ),
    ],
)
def test_cancelling_the_handle_is_how_it_ends(stopping: str, stop: str) -> None:
    more = f"    async def stop(self):\n        {stopping}\n{LOOP}"
    assert tasks(f"self._task = {TASK}", more) == [("_loop", "self._task", stop)]


def test_a_loop_in_a_closure_is_found() -> None:
    method = "async def beat():\n            while True: pass\n        asyncio.create_task(beat())"
    assert tasks(method) == [("beat", None, "none")]
