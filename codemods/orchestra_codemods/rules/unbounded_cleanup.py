"""A closing method waits for a task without a limit.

A task that does not end on its own keeps `cleanup()` from ever returning: the deployment hangs, and every
resource after it stays open. Wait a few seconds, then cancel. In an orchestrator the base class does this.

The fix waits five seconds at most, then `wait_for` cancels the task and raises TimeoutError. It is unsafe because
a task that took longer to finish its work was left to finish it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC, CLOSING_DEF, FRAGMENT, SPAWNS, bodies
from orchestra_codemods.syntax.tasks import (
    CLOSING,
    cancels,
    methods,
    self_attribute,
    spawned,
    started_method,
    task_attributes,
)
from orchestra_codemods.unit import Case

CODE = "ORC105"
_WAITS = re.compile(rb"await (?:asyncio\.)?(?:gather\(\s*\*?\s*)?self\.\w+\b(?![.(\[])")


def may_concern(data: bytes) -> bool:
    """Tell whether a closing coroutine awaits an attribute."""
    return any(_WAITS.search(body) is not None for _, body, _ in bodies(data, b"async def ", CLOSING_DEF))


TOKENS = (ASYNC, (*SPAWNS, FRAGMENT), (may_concern,))
NODES = (ast.AsyncFunctionDef,)
_TASK_NAME = re.compile(r"_?(\w+_)?tasks?\Z")


def check(file: File, node: ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look at awaits of tasks of self in methods that end things."""
    if not CLOSING.match(node.name) or not node.args.args or node.args.args[0].arg != "self":
        return
    cls = file.class_of(node)
    if cancels(node if cls is None else cls) or _is_bounded(file, node) or _drains(node):
        return
    for one in own(node.body):
        if isinstance(one, ast.Await):
            attribute = _awaited(file, one.value)
            if attribute is not None and _is_task(file, cls, attribute):
                message = f"`{node.name}` waits for `self.{attribute}` without a limit, and may never return"
                yield Hit(one, message, _fix(file, one))


def _is_bounded(file: File, function: ast.AsyncFunctionDef) -> bool:
    return any(
        (
            isinstance(one, ast.AsyncWith | ast.With)
            and "timeout" in ast.unparse(one.items[0].context_expr).lower()
        )
        or (
            isinstance(one, ast.Call)
            and (file.dotted(one.func) or "").rpartition(".")[2] in {"wait", "wait_for"}
            and (len(one.args) > 1 or any(keyword.arg == "timeout" for keyword in one.keywords))
        )
        for one in own(function.body)
    )


def _drains(function: ast.AsyncFunctionDef) -> bool:
    """Tell whether the function waits for a queue to be empty: its caller asked for all work to be done."""
    return any(
        isinstance(one, ast.Await)
        and isinstance(one.value, ast.Call)
        and isinstance(one.value.func, ast.Attribute)
        and one.value.func.attr == "join"
        for one in own(function.body)
    )


def _awaited(file: File, value: ast.expr) -> str | None:
    """Return the attribute behind ``self.x`` and ``gather(*self.x)``."""
    if isinstance(value, ast.Call) and file.dotted(value.func) == "asyncio.gather" and value.args:
        first = value.args[0]
        return self_attribute(first.value if isinstance(first, ast.Starred) else first)
    return self_attribute(value)


def _is_task(file: File, cls: ast.ClassDef | None, attribute: str) -> bool:
    if cls is None:
        return _TASK_NAME.match(attribute) is not None
    call = (_collected(file, cls) | task_attributes(file, cls)).get(attribute)
    return call is not None and _runs_on(cls, call)


def _runs_on(cls: ast.ClassDef, call: ast.Call) -> bool:
    """Tell whether the task is a loop of the class: work that ends by itself is waited for on purpose."""
    method = methods(cls).get(started_method(call) or "")
    return method is not None and any(isinstance(one, ast.While | ast.AsyncFor) for one in own(method.body))


def _collected(file: File, cls: ast.ClassDef) -> dict[str, ast.Call]:
    """Return attributes of self to which started tasks are added, with a call that starts one."""
    found: dict[str, ast.Call] = {}
    for one in everything(cls):
        if (
            isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr in {"append", "add"}
        ):
            attribute = self_attribute(one.func.value)
            call = spawned(file, one.args[0]) if one.args else None
            if attribute and call is not None:
                found[attribute] = call
    return found


def _fix(file: File, node: ast.Await) -> Fix | None:
    if not file.origins.has("asyncio") or file.origins.names.get("asyncio") != "asyncio":
        return None
    start, end = file.start(node.value), file.end(node.value)
    return unsafe(file.insert(start, "asyncio.wait_for("), file.insert(end, ", timeout=5.0)"))


CASES = (
    Case(
        "a task that may never end",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def cleanup(self):
        self._stop.set()
        await self._task  # the loop

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()
""",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def cleanup(self):
        self._stop.set()
        await asyncio.wait_for(self._task, timeout=5.0)  # the loop

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()
""",
    ),
    Case(
        "several",
        """import asyncio

class Monitor:
    def start(self):
        for name in self.names:
            self._tasks.append(asyncio.create_task(self._watch(name)))

    async def close(self):
        self.running = False
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _watch(self, name):
        while self.running:
            await self.look(name)
""",
        """import asyncio

class Monitor:
    def start(self):
        for name in self.names:
            self._tasks.append(asyncio.create_task(self._watch(name)))

    async def close(self):
        self.running = False
        await asyncio.wait_for(asyncio.gather(*self._tasks, return_exceptions=True), timeout=5.0)

    async def _watch(self, name):
        while self.running:
            await self.look(name)
""",
    ),
    Case(
        "a method as the guide prints it",
        """async def cleanup(self):
    await self._task  # Could hang forever!
""",
    ),
)
CLEAN = (
    Case(
        "it waits for a queue first, until all is done",
        """import asyncio

class Runner:
    def start(self):
        self._task = asyncio.create_task(self._run())

    async def stop_when_idle(self):
        await self._queue.join()
        self._stopped.set()
        await self._task

    async def _run(self):
        while not self._stopped.is_set():
            await self.step()
""",
    ),
    Case(
        "the task is the closing itself, or other work that ends",
        """import asyncio

class Client:
    async def close(self):
        if self._closing is not None:
            return await self._closing

        async def work():
            await self.session.close()

        self._closing = asyncio.create_task(work())
        await self._closing

    def flush(self):
        self._flushing = asyncio.create_task(self._flush())

    async def aclose(self):
        await self._flushing

    async def _flush(self):
        await self.write()
""",
    ),
    Case(
        "cancelled first: it ends unless it swallows the cancellation",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def cleanup(self):
        self._task.cancel()
        try:
            await self._task
        except asyncio.CancelledError:
            pass
""",
    ),
    Case(
        "bounded",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def cleanup(self):
        async with asyncio.timeout(5):
            await self._task

    async def stop(self):
        await asyncio.wait({self._task}, timeout=5)
        await self._task
""",
    ),
    Case(
        "waits for something else than a task",
        """import asyncio

class Client:
    async def close(self):
        await self._session.close()
        await self.closed
""",
    ),
    Case(
        "a method whose purpose is to wait",
        """import asyncio

class Job:
    def start(self):
        self._task = asyncio.create_task(self._work())

    async def join(self):
        return await self._task
""",
    ),
)
