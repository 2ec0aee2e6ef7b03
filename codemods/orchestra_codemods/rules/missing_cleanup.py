"""A class starts tasks that run on, and has no method that ends them.

Its owner cannot shut it down: tasks outlive tests, reloads and the loop itself, and Python reports "Task was
destroyed but it is pending". Give it `cleanup()`, or mark the loops with `@background` in an orchestrator, whose
base class ends them.

The fix adds a `cleanup()` that cancels the task and waits for it, five seconds at most. It is unsafe because
somebody must call it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.events import asked_event
from orchestra_codemods.syntax.flow import breaks, is_endless, leaves, own, waits
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.syntax.prefilter import CANCELS, SPAWNS, bodies
from orchestra_codemods.syntax.tasks import (
    cancels,
    closes_nothing,
    methods,
    self_attribute,
    spawned,
    started_method,
    task_attributes,
)
from orchestra_codemods.unit import Case

CODE = "ORC104"
_CLASS = re.compile(rb"[ \t]*class \w+", re.MULTILINE)


def may_concern(data: bytes) -> bool:
    """Tell whether a class starts tasks, loops, and cancels nothing."""
    return any(
        b"while " in body and any(one in body for one in SPAWNS) and CANCELS.search(body) is None
        for _, body, _ in bodies(data, b"class ", _CLASS)
    )


TOKENS = (SPAWNS, (b"while ",), (may_concern,))
NODES = (ast.ClassDef,)


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Look at classes of their own that start a loop of theirs and keep or drop the task."""
    if any(ast.unparse(base) != "object" for base in node.bases) and not is_orchestrator(file, node):
        return
    if not closes_nothing(node) or cancels(node) or "__aexit__" in methods(node):
        return
    attributes = task_attributes(file, node)
    for call in (one for one in everything(node) if isinstance(one, ast.Call)):
        if spawned(file, call) is None or not _runs_on(node, call):
            continue
        parent = file.parents.get(call)
        kept = next((name for name, one in attributes.items() if one is call), None)
        if kept is None and not isinstance(parent, ast.Expr):
            continue
        if kept is not None and _is_awaited(file, node, kept):
            continue
        yield Hit(
            node,
            f"`{node.name}` starts `{started_method(call)}()` and has no `cleanup()` that ends it",
            _fix(file, node, kept),
        )
        return


def _runs_on(cls: ast.ClassDef, call: ast.Call) -> bool:
    """Tell whether the task is a method of the class whose loop ends only when somebody says so."""
    method = methods(cls).get(started_method(call) or "")
    return isinstance(method, ast.AsyncFunctionDef) and any(
        isinstance(one, ast.While) and waits(one.body) and _asks_to_stop(one) for one in own(method.body)
    )


def _asks_to_stop(loop: ast.While) -> bool:
    """Tell whether a loop is endless, or asks a flag or an event of self."""
    if is_endless(loop):
        return not breaks(loop) and not leaves(loop.body)
    return self_attribute(loop.test) is not None or asked_event(loop.test) is not None


def _is_awaited(file: File, cls: ast.ClassDef, attribute: str) -> bool:
    """Tell whether the task is used for anything but the question whether it is there or done."""
    for one in everything(cls):
        if self_attribute(one) != attribute or not isinstance(getattr(one, "ctx", None), ast.Load):
            continue
        parent = file.parents[one]
        if isinstance(parent, ast.Attribute) and parent.attr != "done":
            return True
        if not isinstance(parent, ast.Attribute | ast.Compare | ast.BoolOp | ast.UnaryOp | ast.If):
            return True
    return False


def _fix(file: File, cls: ast.ClassDef, attribute: str | None) -> Fix | None:
    last = cls.body[-1]
    indent = file.indent(cls.body[0])
    if attribute is None or indent is None or file.dotted(ast.Name("asyncio", ast.Load())) != "asyncio":
        return None
    if not file.origins.has("asyncio") or not file.text.endswith(("\n", "\r")):
        return None
    deeper = indent * 2 if len(file.indent(cls) or "") == 0 else indent + "    "
    lines = [
        "",
        f"{indent}async def cleanup(self) -> None:",
        f'{deeper}"""End the background task."""',
        f'{deeper}task = getattr(self, "{attribute}", None)',
        f"{deeper}if task is not None:",
        f"{deeper}    task.cancel()",
        f"{deeper}    await asyncio.wait({{task}}, timeout=5.0)",
        "",
    ]
    return unsafe(file.insert(file.line_end(last), file.source.newline.join(lines)))


CASES = (
    Case(
        "a loop that nobody can end",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def _watch(self):
        while self.running:
            await self.look()
""",
        '''import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def _watch(self):
        while self.running:
            await self.look()

    async def cleanup(self) -> None:
        """End the background task."""
        task = getattr(self, "_task", None)
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=5.0)
''',
    ),
    Case(
        "an orchestrator that drops its task",
        """import asyncio
from orchestra import BaseOrchestrator

class Monitor(BaseOrchestrator):
    async def orchestrate(self, context, **kwargs):
        asyncio.create_task(self._watch())

    async def _watch(self):
        while True:
            await self.look()
""",
    ),
)
CLEAN = (
    Case(
        "a wait that ends with what it waits for; a worker that its owner lets finish",
        """import asyncio

class Variables:
    async def set(self, key):
        asyncio.ensure_future(self.release(key))
        self._worker_task = asyncio.create_task(self._worker())

    async def release(self, key):
        while self.waiting[key]:
            await self.changed.wait()

    async def flush(self):
        worker = self._worker_task
        if worker is not None:
            await worker

    async def _worker(self):
        while self.open:
            await self.queue.get()
""",
    ),
    Case(
        "ends it under another name",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def stop(self):
        self.running = False

    async def _watch(self):
        while self.running:
            await self.look()
""",
    ),
    Case(
        "work that ends by itself",
        """import asyncio

class Sender:
    def send(self, message):
        self._task = asyncio.create_task(self._send(message))

    async def _send(self, message):
        await self.write(message)
""",
    ),
    Case(
        "inherited supervision",
        """import asyncio
from service import Service

class Monitor(Service):
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def _watch(self):
        while self.running:
            await self.look()
""",
    ),
    Case(
        "awaited by the method that runs it",
        """import asyncio

class Race:
    async def run(self):
        self._task = asyncio.create_task(self._watch())
        await self.work()
        await self._task

    async def _watch(self):
        while self.running:
            await self.look()
""",
    ),
)
