"""A closing method waits for a task without a limit.

A task that does not end on its own keeps `cleanup()` from ever returning: the deployment hangs, and every
resource after it stays open. Wait a few seconds, then cancel. In an orchestrator the base class does this.

The fix waits five seconds at most, then `wait_for` cancels the task and raises TimeoutError. It is unsafe because
a task that took longer to finish its work was left to finish it. It is safe where the task cannot take so long: the
closing method sets the event that its loop asks, and the loop waits for nothing but that event and short sleeps.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix, Safety
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.constants import number
from orchestra_codemods.syntax.events import asked_event, event_attributes
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC, CLOSING_DEF, FRAGMENT, SPAWNS, bodies
from orchestra_codemods.syntax.tasks import (
    CLOSING,
    calls_of,
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
_LIMIT = 5.0
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
                is_short = cls is not None and _ends_in_time(file, cls, node, one, attribute)
                yield Hit(one, message, _fix(file, one, Safety.SAFE if is_short else Safety.UNSAFE))


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


def _fix(file: File, node: ast.Await, safety: Safety) -> Fix | None:
    if not file.origins.has("asyncio") or file.origins.names.get("asyncio") != "asyncio":
        return None
    start, end = file.start(node.value), file.end(node.value)
    edits = file.insert(start, "asyncio.wait_for("), file.insert(end, f", timeout={_LIMIT})")
    return Fix(edits, safety)


def _ends_in_time(
    file: File, cls: ast.ClassDef, closer: ast.AsyncFunctionDef, node: ast.Await, attribute: str
) -> bool:
    """Tell whether the task is over before the limit, so that it changes nothing."""
    call = task_attributes(file, cls).get(attribute)
    method = methods(cls).get(started_method(call) or "") if call is not None else None
    if method is None or self_attribute(node.value) != attribute:
        return False
    inside = list(own(method.body))
    loops = [one for one in inside if isinstance(one, ast.While | ast.For | ast.AsyncFor)]
    asked = asked_event(loops[0].test) if len(loops) == 1 and isinstance(loops[0], ast.While) else None
    event = self_attribute(asked) if asked is not None else None
    if event is None or event not in event_attributes(file, cls) or not _is_set(closer, event, node):
        return False
    changes = {
        one.attr for one in inside if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
    }
    if event in changes or any(calls_of(cls, "clear")):
        return False
    if any(isinstance(one, ast.AsyncWith | ast.AsyncFor) for one in inside):
        return False
    waits = [_longest(file, event, one.value) for one in inside if isinstance(one, ast.Await)]
    return all(one is not None for one in waits) and sum(one or 0 for one in waits) < _LIMIT


def _is_set(closer: ast.AsyncFunctionDef, event: str, node: ast.Await) -> bool:
    """Tell whether a statement of the closing method itself sets an event before it waits."""
    return any(
        isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Call)
        and isinstance(one.value.func, ast.Attribute)
        and one.value.func.attr == "set"
        and self_attribute(one.value.func.value) == event
        and one.lineno < node.lineno
        for one in closer.body
    )


def _longest(file: File, event: str, value: ast.expr) -> float | None:
    """Return for how many seconds something is waited for once the event is set, or None."""
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
        return None
    if value.func.attr == "wait" and self_attribute(value.func.value) == event:
        return 0
    what = file.dotted(value.func)
    if what == "asyncio.wait_for" and value.args:
        return _longest(file, event, value.args[0])
    return number(file, value.args[0]) if what == "asyncio.sleep" and value.args else None


_LISTENING = """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def cleanup(self):
        self._stop.set()
        await self._task

    async def _watch(self):
        while not self._stop.is_set():
            self.look()
            await asyncio.sleep(0.5)
            try:
                await asyncio.wait_for(self._stop.wait(), timeout=60)
            except TimeoutError:
                continue
"""
_BOUND = "await asyncio.wait_for(self._task, timeout=5.0)"
CASES = (
    Case(
        "a task that hears the event which was set",
        _LISTENING,
        _LISTENING.replace("await self._task", _BOUND),
    ),
    Case(
        "a task that may be at its work",
        _LISTENING.replace("self.look()", "await self.look()"),
        _LISTENING.replace("self.look()", "await self.look()").replace("await self._task", _BOUND),
    ),
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
