"""A task is started in `__init__`, directly or through a method that it calls.

An object is often built where no event loop runs: there `asyncio.create_task` raises RuntimeError, or leaves
a coroutine that was never awaited. Where a loop does run, merely building the object starts work that nobody
asked for and nobody stops. In an orchestrator mark the loop with `@background`; elsewhere start the task in a
method that the owner awaits.

The fix moves the task into a new method `start()`. It is unsafe because somebody must now call it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.file import Function
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import SPAWNS, bodies
from orchestra_codemods.syntax.tasks import is_given, methods, self_attribute, self_calls, spawned
from orchestra_codemods.unit import Case

CODE = "ORC101"
_CONSTRUCTOR = re.compile(rb"[ \t]*def __init__\(", re.MULTILINE)
_METHOD = re.compile(rb"[ \t]*def (\w+)\(", re.MULTILINE)
_CALLED = re.compile(rb"\bself\.(\w+)\(")


def may_concern(data: bytes) -> bool:
    """Tell whether a constructor, or a method that one calls, mentions what starts tasks."""
    called: set[bytes] = set()
    for _, body, _ in bodies(data, b"def __init__(", _CONSTRUCTOR):
        if any(one in body for one in SPAWNS):
            return True
        called.update(_CALLED.findall(body))
    return bool(called) and any(
        match[1] in called and any(one in body for one in SPAWNS)
        for match, body, _ in bodies(data, b"def ", _METHOD)
    )


TOKENS = (SPAWNS, (b"__init__",), (may_concern,))
NODES = (ast.FunctionDef,)


def check(file: File, node: ast.FunctionDef) -> Iterator[Hit]:
    """Look into constructors and the methods of self that they call."""
    if node.name != "__init__":
        return
    for call in _spawns(file, node):
        yield Hit(
            call, "a task is started in `__init__`, where no event loop may run", _fix(file, node, call)
        )
    cls = file.parents.get(node)
    if not isinstance(cls, ast.ClassDef):
        return
    by_name = methods(cls)
    for name in dict.fromkeys(self_calls(node)):
        helper = by_name.get(name)
        if isinstance(helper, ast.FunctionDef) and any(True for _ in _spawns(file, helper)):
            at = next(
                one
                for one in own(node.body)
                if isinstance(one, ast.Call) and self_attribute(one.func) == name
            )
            yield Hit(at, f"`__init__` starts a task through `{name}()`, where no event loop may run")


def _spawns(file: File, function: Function) -> Iterator[ast.Call]:
    if _asks_for_loop(file, function):
        return
    for node in own(function.body):
        call = spawned(file, node)
        if call is None or not isinstance(call.args[0], ast.Call) or _knows_that_a_loop_runs(file, node):
            continue
        through = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        coroutine = call.args[0].func
        if not any(
            is_given(function, one) for one in (through, coroutine, *_awaited_inside(function, coroutine))
        ):
            yield call


def _awaited_inside(function: Function, coroutine: ast.expr) -> list[ast.expr]:
    """Return what a coroutine awaits that is defined in the constructor: it may wrap what the object was given."""
    for node in own(function.body):
        if (
            isinstance(node, ast.AsyncFunctionDef)
            and isinstance(coroutine, ast.Name)
            and node.name == coroutine.id
        ):
            return [one.value for one in everything(node) if isinstance(one, ast.Await)]
    return []


def _knows_that_a_loop_runs(file: File, node: ast.AST) -> bool:
    tests = (ast.unparse(one.test) for one in file.ancestors(node) if isinstance(one, ast.If))
    return any(word in test for test in tests for word in ("asynchronous", "is_running", "_loop"))


def _asks_for_loop(file: File, function: Function) -> bool:
    """Tell whether the function looks for a running loop first: it keeps it, or guards against having none."""
    for node in own(function.body):
        if isinstance(node, ast.Assign) and any(self_attribute(one) for one in node.targets):
            if (
                isinstance(node.value, ast.Call)
                and file.dotted(node.value.func) == "asyncio.get_running_loop"
            ):
                return True
        if isinstance(node, ast.Try) and any(
            "RuntimeError" in ast.unparse(one.type) for one in node.handlers if one.type
        ):
            if any(
                isinstance(one, ast.Call) and file.dotted(one.func) == "asyncio.get_running_loop"
                for one in own(node.body)
            ):
                return True
    return False


def _fix(file: File, constructor: ast.FunctionDef, call: ast.Call) -> Fix | None:
    cls = file.parents.get(constructor)
    statement = file.parents.get(call)
    if not isinstance(cls, ast.ClassDef) or "start" in methods(cls) or statement not in constructor.body:
        return None
    if not isinstance(statement, ast.Assign | ast.Expr) or not file.is_alone(statement):
        return None
    if isinstance(statement, ast.Assign) and (
        len(statement.targets) != 1 or self_attribute(statement.targets[0]) is None
    ):
        return None
    used = {one.id for one in everything(call.args[0]) if isinstance(one, ast.Name)}
    if used - {"self"} or len([one for one in own(constructor.body) if spawned(file, one)]) != 1:
        return None
    indent = file.indent(constructor.body[0]) or ""
    outer = file.indent(constructor) or ""
    newline = file.source.newline
    text = file.text_of(statement)
    if isinstance(statement, ast.Assign):
        instead = f"{file.text_of(statement.targets[0])} = None"
    else:
        instead = "self._background_task = None"
        text = f"self._background_task = {text}"
    last = constructor.body[-1]
    lines = ["", f"{outer}async def start(self) -> None:", f"{indent}{text}", ""]
    return unsafe(file.replace(statement, instead), file.insert(file.line_end(last), newline.join(lines)))


CASES = (
    Case(
        "a loop that runs from construction on",
        """import asyncio

class Monitor:
    def __init__(self):
        self._task = asyncio.create_task(self._watch())

    async def _watch(self):
        await asyncio.sleep(1)
""",
        """import asyncio

class Monitor:
    def __init__(self):
        self._task = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def _watch(self):
        await asyncio.sleep(1)
""",
    ),
    Case(
        "through a method that the constructor calls",
        """import asyncio

class Monitor:
    def __init__(self):
        self._start()

    def _start(self):
        self._task = asyncio.get_event_loop().create_task(self._watch())
""",
    ),
    Case(
        "a name imported from asyncio",
        """from asyncio import ensure_future

class Monitor:
    def __init__(self, interval=60):
        self.interval = interval
        if interval:
            self._task = ensure_future(self._watch(interval))
""",
    ),
    Case(
        "guarded, but the coroutine is built all the same",
        """import asyncio

class Monitor:
    def __init__(self):
        try:
            asyncio.create_task(self._watch())
        except RuntimeError:
            pass
""",
    ),
)
CLEAN = (
    Case(
        "the object keeps the running loop: it is made for one, and for nowhere else",
        """import asyncio

class Jobs:
    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._pump())
""",
    ),
    Case(
        "started by a method that the owner awaits",
        """import asyncio

class Monitor:
    def __init__(self):
        self._task = None

    async def start(self):
        self._task = asyncio.create_task(self._watch())
""",
    ),
    Case(
        "a handle around work that it was given",
        """import asyncio

class Job:
    def __init__(self, coroutine, work):
        self.task = asyncio.create_task(coroutine)
        self.other = asyncio.ensure_future(work())
""",
    ),
    Case(
        "on a loop that it was given, which may start later",
        """class Connection:
    def __init__(self, loop):
        self._task = loop.create_task(self._read())
""",
    ),
    Case(
        "in a callback that the constructor only defines",
        """import asyncio

class Button:
    def __init__(self, source):
        def pressed():
            self._task = asyncio.create_task(self._work())
        source.on_press(pressed)
        source.on_release(lambda: asyncio.create_task(self._work()))
""",
    ),
    Case(
        "looks for a running loop first",
        """import asyncio

class Monitor:
    def __init__(self):
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._watch())
""",
    ),
    Case(
        "create_task of something that is no event loop",
        """class Board:
    def __init__(self, client):
        self.card = self.client.create_task("write tests")
""",
    ),
)
