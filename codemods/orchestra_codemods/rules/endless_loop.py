"""A task runs `while True` and nothing in reach can stop it.

Shutdown hangs until the process is killed, tests leak the task, and a reload runs it twice. Wait on a stop
event instead (in an orchestrator: `@background` and `await self.runtime.wait_stopped(seconds)`), or keep the task
and cancel it in `cleanup()`.

The fix makes the loop ask an event that the class already has. It is unsafe because code after the loop runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.events import stop_events
from orchestra_codemods.syntax.flow import breaks, is_endless, leaves, own, waits
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC, CANCELS, FRAGMENT, SPAWNS
from orchestra_codemods.syntax.tasks import cancels, spawned, started_method
from orchestra_codemods.unit import Case

CODE = "ORC103"
TOKENS = (
    (b"while True", b"while 1", b"while (True"),
    ASYNC,
    (*SPAWNS, FRAGMENT, re.compile(rb"async def _")),
    (lambda data: CANCELS.search(data) is None,),
)
NODES = (ast.While,)


def check(file: File, node: ast.While) -> Iterator[Hit]:
    """Look at endless loops in coroutines which this file starts as tasks and never stops."""
    function = file.function_of(node)
    if not is_endless(node) or not isinstance(function, ast.AsyncFunctionDef) or not waits(node.body):
        return
    if breaks(node) or leaves(node.body) or _is_generator(function) or not _is_only_statement(function, node):
        return
    cls = file.class_of(function)
    if not _runs_unstopped(file, function, cls):
        return
    yield Hit(
        node, f"nothing stops this loop: `{function.name}` runs until the process dies", _fix(file, node, cls)
    )


def _is_generator(function: ast.AsyncFunctionDef) -> bool:
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own(function.body))


def _is_only_statement(function: ast.AsyncFunctionDef, loop: ast.While) -> bool:
    """A handler around the loop ends it when an exception comes; a loop in a loop is judged by the outer one."""
    return loop in function.body


def _runs_unstopped(file: File, function: ast.AsyncFunctionDef, cls: ast.ClassDef | None) -> bool:
    if cls is None:
        is_fragment = file.parents.get(function) is file.tree and _takes_self(function)
        if is_fragment:
            return not cancels(file.tree)
        return _is_dropped(file, function, file.tree)
    if cls.bases and not _is_started(file, function, cls):
        return False
    if cancels(file.tree):
        return False
    return _is_started(file, function, cls) or (
        function.name.startswith("_") and not _is_mentioned(file, function)
    )


def _takes_self(function: ast.AsyncFunctionDef) -> bool:
    return bool(function.args.args) and function.args.args[0].arg == "self"


def _is_started(file: File, function: ast.AsyncFunctionDef, scope: ast.AST) -> bool:
    """Tell whether the coroutine is started as a task here, and the task goes nowhere where others stop it."""
    for node in everything(scope):
        call = spawned(file, node)
        if call is not None and started_method(call) == function.name:
            return _stays_here(file, call)
    return False


def _stays_here(file: File, call: ast.Call) -> bool:
    """A task that is returned, awaited or handed to another function may be stopped there."""
    parent = file.parents.get(call)
    if isinstance(parent, ast.Expr):
        return True
    if isinstance(parent, ast.Assign | ast.AnnAssign):
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        names = {ast.unparse(one) for one in targets}
        scope = file.class_of(call) or file.tree
        return not any(_uses(node, names) for node in everything(scope))
    return False


def _uses(node: ast.AST, names: set[str]) -> bool:
    """Tell whether a node awaits, returns, or passes on one of the names."""
    if isinstance(node, ast.Await | ast.Return) and node.value is not None:
        return ast.unparse(node.value) in names
    if isinstance(node, ast.Call):
        return any(
            ast.unparse(one.value if isinstance(one, ast.Starred) else one) in names for one in node.args
        )
    return False


def _is_dropped(file: File, function: ast.AsyncFunctionDef, scope: ast.AST) -> bool:
    return _is_started(file, function, scope) and not cancels(scope)


def _is_mentioned(file: File, function: ast.AsyncFunctionDef) -> bool:
    return any(
        (isinstance(one, ast.Attribute) and one.attr == function.name)
        or (isinstance(one, ast.Name) and one.id == function.name)
        or (isinstance(one, ast.Constant) and one.value == function.name)
        for one in everything(file.tree)
    ) or bool(function.decorator_list)


def _fix(file: File, loop: ast.While, cls: ast.ClassDef | None) -> Fix | None:
    events = stop_events(file, cls) if cls is not None else []
    if len(events) != 1:
        return None
    return unsafe(file.replace(loop.test, f"not self.{events[0]}.is_set()"))


CASES = (
    Case(
        "a background loop without any way out",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def _watch(self):
        while True:
            await self._check()
            await asyncio.sleep(60)
""",
    ),
    Case(
        "the class has a stop event, and the loop never asks it",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    def start(self):
        asyncio.create_task(self._watch())

    async def _watch(self):
        while True:
            await self._check()

    async def cleanup(self):
        self._stop.set()
""",
        """import asyncio

class Monitor:
    def __init__(self):
        self._stop = asyncio.Event()

    def start(self):
        asyncio.create_task(self._watch())

    async def _watch(self):
        while not self._stop.is_set():
            await self._check()

    async def cleanup(self):
        self._stop.set()
""",
    ),
    Case(
        "a method as the guide prints it",
        """async def _background_loop(self):
    while True:  # Infinite loop!
        await self._work()
""",
    ),
)
CLEAN = (
    Case(
        "kept and cancelled",
        """import asyncio

class Monitor:
    def start(self):
        self._task = asyncio.create_task(self._watch())

    async def stop(self):
        self._task.cancel()

    async def _watch(self):
        while True:
            await self._check()
""",
    ),
    Case(
        "breaks, returns or raises",
        """import asyncio

class Reader:
    def start(self):
        asyncio.create_task(self._read())
        asyncio.create_task(self._parse())
        asyncio.create_task(self._check())

    async def _read(self):
        while True:
            if not await self.next():
                break

    async def _parse(self):
        while True:
            if await self.next() is None:
                return

    async def _check(self):
        while True:
            if await self.next() is None:
                raise EOFError
""",
    ),
    Case(
        "a generator, whose consumer decides",
        """import asyncio

class Ticker:
    async def ticks(self):
        while True:
            await asyncio.sleep(1)
            yield
""",
    ),
    Case(
        "the caller awaits it and cancels it from outside",
        """import asyncio

class Server:
    async def serve_forever(self):
        while True:
            await self._accept()
""",
    ),
    Case(
        "the task is handed to somebody",
        """import asyncio

class Server:
    def start(self):
        task = asyncio.create_task(self._serve())
        return task

    def start_in(self, group):
        self._task = asyncio.create_task(self._serve())
        group.adopt(self._task)

    async def _serve(self):
        while True:
            await self._accept()
""",
    ),
    Case(
        "a loop of its base class, which may stop it",
        """class Worker(Service):
    async def _run(self):
        while True:
            await self.step()
""",
    ),
)
