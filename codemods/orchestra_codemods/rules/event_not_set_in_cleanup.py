"""A loop asks a stop event which the closing method does not set.

`cleanup()` returns, or waits, and the loop runs on: nobody told it to end. The event must be set by `cleanup()`
or by something that it calls.

The fix sets the event at the beginning of `cleanup()`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.events import asked_event, event_attributes
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC
from orchestra_codemods.syntax.tasks import cancels, closers, methods, self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC106"
_ASKED = re.compile(rb"while [^\n]*\bnot self\.(\w+)\.is_set\(")


def may_concern(data: bytes) -> bool:
    """Tell whether a loop asks an event which nothing sets, or which `cleanup` should set."""
    asked = set(_ASKED.findall(data))
    return bool(asked) and (b"def cleanup(" in data or any(b"self.%s.set" % one not in data for one in asked))


TOKENS = (ASYNC, (b"Event(",), (b".is_set()",), (may_concern,))
NODES = (ast.ClassDef,)
_NAMES = ("cleanup", "aclose", "close", "stop", "shutdown")


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Compare the events that loops ask with those that closing methods set."""
    by_name = methods(node)
    closing = next((by_name[name] for name in _NAMES if name in by_name), None)
    if closing is None or cancels(node) or _is_stub(closing):
        return
    reached = closers(node)
    for attribute in event_attributes(file, node):
        if not _is_asked(node, attribute):
            continue
        is_set_here = any(_sets(function, attribute) for function in reached)
        is_set_elsewhere = _sets(node, attribute) and closing.name != "cleanup"
        if not is_set_here and not is_set_elsewhere and not _leaves_class(file, node, attribute):
            message = f"`{closing.name}` does not set `self.{attribute}`, which a loop asks"
            yield Hit(closing, message, _fix(file, closing, attribute))


def _is_stub(function: ast.AST) -> bool:
    body = getattr(function, "body", [])
    return all(
        isinstance(one, ast.Raise) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in body
    )


def _is_asked(cls: ast.ClassDef, attribute: str) -> bool:
    for node in everything(cls):
        if isinstance(node, ast.While):
            asked = asked_event(node.test)
            if asked is not None and self_attribute(asked) == attribute:
                return any(isinstance(one, ast.Await) for one in own(node.body))
    return False


def _sets(scope: ast.AST, attribute: str) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr == "set" and self_attribute(one.value) == attribute
        for one in everything(scope)
    )


def _leaves_class(file: File, cls: ast.ClassDef, attribute: str) -> bool:
    """Tell whether the event is handed out, or public: others may set it."""
    for one in everything(cls):
        if self_attribute(one) == attribute and isinstance(
            file.parents.get(one), ast.Call | ast.Return | ast.keyword | ast.List | ast.Tuple
        ):
            return True
    return not attribute.startswith("_")


def _fix(file: File, closing: ast.FunctionDef | ast.AsyncFunctionDef, attribute: str) -> Fix | None:
    body = closing.body
    first = body[0]
    is_docstring = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    at = body[1] if is_docstring and len(body) > 1 else first
    indent = file.indent(at)
    if indent is None or (is_docstring and len(body) == 1):
        return None
    return safe(file.insert(file.start(at), f"self.{attribute}.set(){file.source.newline}{indent}"))


CASES = (
    Case(
        "waits for a loop that was never told",
        '''import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()

    async def cleanup(self):
        """End it."""
        await asyncio.wait_for(self._task, 5)
''',
        '''import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()

    async def cleanup(self):
        """End it."""
        self._stop.set()
        await asyncio.wait_for(self._task, 5)
''',
    ),
)
CLEAN = (
    Case(
        "set in a method that cleanup calls",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()

    async def cleanup(self):
        self._halt()

    def _halt(self):
        self._stop.set()
""",
    ),
    Case(
        "ended by cancelling",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    async def _watch(self):
        while not self._stop.is_set():
            await self.look()

    async def cleanup(self):
        self._task.cancel()
""",
    ),
    Case(
        "an event that says ready, not stop",
        """import asyncio

class Client:
    def __init__(self):
        self._ready = asyncio.Event()

    async def wait(self):
        await self._ready.wait()

    async def close(self):
        await self.session.close()
""",
    ),
    Case(
        "an event that others hold",
        """import asyncio

class Client:
    def __init__(self, owner):
        self._stop = asyncio.Event()
        owner.adopt(self._stop)

    async def _read(self):
        while not self._stop.is_set():
            await self.look()

    async def close(self):
        await self.session.close()
""",
    ),
)
