"""The task that `create_task` returns is dropped.

The event loop holds only a weak reference: a task that nobody keeps can be collected in the middle of its
work, its exception is never seen, and nothing can wait for it on shutdown. In an orchestrator use
`self.runtime.spawn(…)` or `@background`; elsewhere keep the task, or use a TaskGroup.

The fix keeps the task in a set of the module until it is done. It is safe: the task runs as before.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Edit, Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.file import FUNCTIONS
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import SPAWNS, lines_with
from orchestra_codemods.syntax.tasks import spawned
from orchestra_codemods.unit import Case

CODE = "ORC102"
_START = re.compile(rb"[^#=(]*?(?:(\w+)[ \t]*=[ \t]*)?(?:[\w.]|\(\))*\b(?:create_task|ensure_future)\(")
_NEXT = re.compile(rb"\n(?:    |\t|  )?(?:async )?def |\nclass ")


def may_concern(data: bytes) -> bool:
    """Tell whether a line starts a task and keeps nothing, or a name that does not come again in its function."""
    for needle in SPAWNS:
        for start, end in lines_with(data, needle):
            match = _START.match(data, start, end)
            if match is not None and (match[1] is None or not _comes_again(data, match)):
                return True
    return False


def _comes_again(data: bytes, match: re.Match[bytes]) -> bool:
    begin = max(
        data.rfind(b"\n    def ", 0, match.start()), data.rfind(b"\n    async def ", 0, match.start()), 0
    )
    end = _NEXT.search(data, match.end())
    rest = data[begin : match.start(1)] + data[match.end(1) : end.start() if end else len(data)]
    return re.search(rb"\b%s\b(?![ \t]*=[^=])" % re.escape(match[1]), rest) is not None


TOKENS = (SPAWNS, (may_concern,))
NODES = (ast.Expr, ast.Assign)
_KEPT = "_background_tasks"


def check(file: File, node: ast.Expr | ast.Assign) -> Iterator[Hit]:
    """Look at statements that start a task and keep nothing, or a name that is never read."""
    call = spawned(file, node.value)
    if call is None or not (isinstance(call.args[0], ast.Call) or _is_coroutine_name(call)):
        return
    if isinstance(node, ast.Expr):
        yield Hit(node, "the task is dropped: it may be collected while it runs", _fix(file, node, call))
    elif (
        len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and _is_unread(file, node, node.targets[0].id)
    ):
        name = node.targets[0].id
        yield Hit(
            node, f"`{name}` is never used: the task may be collected while it runs", _fix(file, node, call)
        )


def _is_coroutine_name(call: ast.Call) -> bool:
    """A bare name may hold a future that somebody else keeps; create_task takes coroutines alone."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    ) == "create_task"


def _is_unread(file: File, node: ast.Assign, name: str) -> bool:
    function = next((above for above in file.ancestors(node) if isinstance(above, FUNCTIONS)), None)
    if function is None:
        return False
    for one in everything(function):
        if isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load):
            return False
        if isinstance(one, ast.Global | ast.Nonlocal) and name in one.names:
            return False
        if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "locals":
            return False
    return True


def _fix(file: File, node: ast.Expr | ast.Assign, call: ast.Call) -> Fix | None:
    indent = file.indent(node)
    if indent is None or not file.is_alone(node) or file.function_of(node) is None:
        return None
    names = set(re.findall(r"\w+", file.text))
    definition = _definition(file)
    if definition is None and _KEPT in names:
        return None
    if isinstance(node, ast.Assign):
        task = file.text_of(node.targets[0])
        first = file.text_of(node)
    else:
        task = next(
            name
            for name in ("task", "background_task", "dropped_task")
            if name not in names or name == "dropped_task"
        )
        first = f"{task} = {file.text_of(call)}"
    newline = file.source.newline
    lines = (first, f"{indent}{_KEPT}.add({task})", f"{indent}{task}.add_done_callback({_KEPT}.discard)")
    edit = file.replace(node, newline.join(lines))
    return safe(edit) if definition is not None else safe(_define(file), edit)


def _definition(file: File) -> ast.stmt | None:
    for statement in file.tree.body:
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        if isinstance(statement, ast.Assign | ast.AnnAssign) and any(
            isinstance(one, ast.Name) and one.id == _KEPT for one in targets
        ):
            value = statement.value
            return (
                statement if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "set" else None
            )
    return None


def _define(file: File) -> Edit:
    """Insert the set after the leading imports and docstring."""
    newline = file.source.newline
    last: ast.stmt | None = None
    for position, statement in enumerate(file.tree.body):
        is_docstring = (
            position == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        )
        if not is_docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
            break
        last = statement
    text = f"{_KEPT}: set[object] = set()"
    if last is None:
        return file.insert(file.line_start(file.tree.body[0]), f"{text}{newline}{newline}")
    return file.insert(file.line_end(last), f"{newline}{text}{newline}")


CASES = (
    Case(
        "fired and forgotten",
        """import asyncio

async def handle(event):
    asyncio.create_task(record(event))  # in the background
    return event
""",
        """import asyncio

_background_tasks: set[object] = set()

async def handle(event):
    task = asyncio.create_task(record(event))
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)  # in the background
    return event
""",
    ),
    Case(
        "kept under a name that nobody reads",
        '''"""Signals."""
import asyncio

async def handle(event):
    task = asyncio.get_running_loop().create_task(record(event))
    return event
''',
        '''"""Signals."""
import asyncio

_background_tasks: set[object] = set()

async def handle(event):
    task = asyncio.get_running_loop().create_task(record(event))
    _background_tasks.add(task)
    task.add_done_callback(_background_tasks.discard)
    return event
''',
    ),
    Case(
        "on one line with its condition: no fix",
        """from asyncio import ensure_future

def handle(event):
    if event: ensure_future(record(event))
""",
    ),
)
CLEAN = (
    Case(
        "a TaskGroup keeps and awaits its tasks",
        """import asyncio

async def handle(events):
    async with asyncio.TaskGroup() as group:
        for event in events:
            group.create_task(record(event))
""",
    ),
    Case(
        "awaited, returned, gathered, stored",
        """import asyncio

class Hub:
    async def handle(self, event):
        await asyncio.create_task(record(event))
        self.tasks.append(asyncio.create_task(record(event)))
        self.tasks.add(asyncio.create_task(record(event)))
        self.by_name[event] = asyncio.create_task(record(event))
        self.last = asyncio.create_task(record(event))
        one = asyncio.create_task(record(event))
        await asyncio.gather(one)
        return asyncio.create_task(record(event))
""",
    ),
    Case(
        "a callback is attached, read in a nested function, or declared global",
        """import asyncio

def handle(event):
    task = asyncio.ensure_future(record(event))
    def stop():
        task.cancel()
    return stop

def keep(event):
    global task
    task = asyncio.ensure_future(record(event))
""",
    ),
    Case(
        "a future that somebody else keeps",
        """import asyncio

def handle(future):
    asyncio.ensure_future(future)
""",
    ),
    Case(
        "create_task of something that is no event loop",
        """def plan(client, board):
    client.create_task("write tests")
    board.tasks.create_task(title())
""",
    ),
)
