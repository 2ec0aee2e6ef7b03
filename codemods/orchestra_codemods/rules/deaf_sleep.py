"""A loop asks a stop event and then sleeps through it.

After the event is set the loop goes on sleeping: shutdown takes as long as the longest sleep, or runs into a
timeout. Wait for the event with the same timeout instead. In an orchestrator: `await
self.runtime.wait_stopped(seconds)`.

The fix waits for the event that the loop asks: without the event it sleeps as long as before.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.constants import number
from orchestra_codemods.syntax.events import asked_event, event_attributes
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC, bodies
from orchestra_codemods.syntax.tasks import cancels, self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC109"
_LOOP = re.compile(rb"[ \t]*while [^\n]*\.is_set\(\)[^\n]*", re.MULTILINE)


def may_concern(data: bytes) -> bool:
    """Tell whether a loop that asks an event sleeps."""
    return any(b"sleep(" in body for _, body, _ in bodies(data, b"while", _LOOP))


TOKENS = (ASYNC, (b".is_set()",), (may_concern,))
NODES = (ast.While,)
LONG = 1.0
"""Seconds from which on a sleep is long."""


def check(file: File, node: ast.While) -> Iterator[Hit]:
    """Look at sleeps in loops whose condition asks an event."""
    event = asked_event(node.test)
    function = file.function_of(node)
    if event is None or not isinstance(function, ast.AsyncFunctionDef):
        return
    cls = file.class_of(node)
    if cancels(cls if cls is not None else function) or _is_thread_event(file, cls, event):
        return
    for one in own(node.body):
        if not isinstance(one, ast.Await) or not isinstance(one.value, ast.Call):
            continue
        call = one.value
        if file.dotted(call.func) != "asyncio.sleep" or len(call.args) != 1:
            continue
        seconds = number(file, call.args[0])
        if seconds is not None and seconds >= LONG and _nearest_loop(file, one) is node:
            yield Hit(
                one,
                f"this sleeps up to {seconds:g} s after `{ast.unparse(event)}` is set",
                _fix(file, one, event),
            )


def _nearest_loop(file: File, node: ast.AST) -> ast.AST | None:
    return next((one for one in file.ancestors(node) if isinstance(one, ast.While)), None)


def _is_thread_event(file: File, cls: ast.ClassDef | None, event: ast.expr) -> bool:
    """An event of `threading` cannot be awaited; whoever sets it is another thread."""
    attribute = self_attribute(event)
    if cls is not None and attribute is not None and attribute not in event_attributes(file, cls):
        return any(
            isinstance(one, ast.Assign | ast.AnnAssign)
            and isinstance(one.value, ast.Call)
            and any(
                self_attribute(target) == attribute
                for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
            )
            for one in everything(cls)
        )
    return file.origins.names.get("threading") == "threading" and not file.origins.has("asyncio")


def _fix(file: File, node: ast.Await, event: ast.expr) -> Fix | None:
    statement = file.parents.get(node)
    call = node.value
    if not isinstance(statement, ast.Expr) or not isinstance(call, ast.Call) or not file.is_alone(statement):
        return None
    if file.origins.names.get("asyncio") != "asyncio" or "TimeoutError" in file.origins.names:
        return None
    indent, newline = file.indent(statement) or "", file.source.newline
    inner = indent + ("\t" if "\t" in indent else "    ")
    seconds = file.text_of(call.args[0])
    lines = (
        "try:",
        f"{inner}await asyncio.wait_for({file.text_of(event)}.wait(), timeout={seconds})",
        f"{indent}except TimeoutError:",
        f"{inner}pass",
    )
    return safe(file.replace(statement, newline.join(lines)))


CASES = (
    Case(
        "up to a minute late",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()
            await asyncio.sleep(60)  # a minute
""",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()
            try:
                await asyncio.wait_for(self._stop.wait(), timeout=60)
            except TimeoutError:
                pass  # a minute
""",
    ),
    Case(
        "a constant of the module, an attribute, a product",
        """import asyncio

INTERVAL = 30

class Monitor:
    def __init__(self, pause=10.0):
        self._pause = pause
        self._stop = asyncio.Event()

    async def _watch(self):
        while self.enabled and not self._stop.is_set():
            if self.idle:
                await asyncio.sleep(INTERVAL)
            else:
                await asyncio.sleep(self._pause)
""",
        """import asyncio

INTERVAL = 30

class Monitor:
    def __init__(self, pause=10.0):
        self._pause = pause
        self._stop = asyncio.Event()

    async def _watch(self):
        while self.enabled and not self._stop.is_set():
            if self.idle:
                try:
                    await asyncio.wait_for(self._stop.wait(), timeout=INTERVAL)
                except TimeoutError:
                    pass
            else:
                try:
                    await asyncio.wait_for(self._stop.wait(), timeout=self._pause)
                except TimeoutError:
                    pass
""",
    ),
)
CLEAN = (
    Case(
        "under a second",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await asyncio.sleep(0.2)
""",
    ),
    Case(
        "the task is cancelled, which wakes it",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await asyncio.sleep(60)

    async def cleanup(self):
        self._stop.set()
        self._task.cancel()
""",
    ),
    Case(
        "an interval that nobody can know here",
        """import asyncio

class Monitor:
    def __init__(self, interval):
        self.interval = interval
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await asyncio.sleep(self.interval)
""",
    ),
    Case(
        "an event of a thread",
        """import asyncio
import threading

class Monitor:
    def __init__(self):
        self._stop = threading.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await asyncio.sleep(5)
""",
    ),
)
