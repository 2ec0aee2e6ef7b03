"""A task is cancelled when closing, and nobody waits until it has ended.

`cancel()` only asks: the task ends at its next await, runs its `finally` blocks then, and may still use what the
closing method closes next. Await it after cancelling.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC, CLOSING_DEF, SPAWNS, bodies
from orchestra_codemods.syntax.tasks import CLOSING, self_attribute, task_attributes
from orchestra_codemods.unit import Case

CODE = "ORC107"
_CANCELLED = re.compile(rb"\bself\.(\w+)\.cancel\(")


def may_concern(data: bytes) -> bool:
    """Tell whether a closing coroutine cancels an attribute."""
    return any(_CANCELLED.search(body) is not None for _, body, _ in bodies(data, b"async def ", CLOSING_DEF))


TOKENS = ((b".cancel(",), SPAWNS, ASYNC, (may_concern,))
NODES = (ast.AsyncFunctionDef,)


def check(file: File, node: ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look at closing coroutines that cancel a task of self and never mention it again."""
    cls = file.parents.get(node)
    if not isinstance(cls, ast.ClassDef) or not CLOSING.match(node.name):
        return
    tasks = task_attributes(file, cls)
    for one in own(node.body):
        if (
            not isinstance(one, ast.Call)
            or not isinstance(one.func, ast.Attribute)
            or one.func.attr != "cancel"
        ):
            continue
        attribute = self_attribute(one.func.value)
        if (
            attribute is not None
            and attribute in tasks
            and not _is_awaited(cls, attribute)
            and not _is_awaited_by_name(node)
        ):
            yield Hit(
                one,
                f"`self.{attribute}` is cancelled here and never awaited: it may run on while other things close",
            )


def _is_awaited(cls: ast.ClassDef, attribute: str) -> bool:
    """Tell whether the task is awaited, handed to a call, copied to a name or collection, or has a callback."""
    for one in everything(cls):
        if (
            isinstance(one, ast.Await | ast.Starred | ast.Return)
            and one.value is not None
            and self_attribute(one.value) == attribute
        ):
            return True
        if isinstance(one, ast.Call) and any(self_attribute(argument) == attribute for argument in one.args):
            return True
        if isinstance(one, ast.Tuple | ast.List | ast.Set) and any(
            self_attribute(item) == attribute for item in one.elts
        ):
            return True
        if isinstance(one, ast.Assign | ast.NamedExpr) and self_attribute(one.value) == attribute:
            return True
        if (
            isinstance(one, ast.Attribute)
            and one.attr == "add_done_callback"
            and self_attribute(one.value) == attribute
        ):
            return True
    return False


def _is_awaited_by_name(function: ast.AsyncFunctionDef) -> bool:
    """Tell whether the function lets the loop turn, or gathers in another way (``asyncio.all_tasks()``)."""
    return any(
        isinstance(one, ast.Attribute | ast.Name)
        and (getattr(one, "attr", None) or getattr(one, "id", ""))
        in {"gather", "all_tasks", "sleep", "wait", "wait_for"}
        for one in own(function.body)
    )


CASES = (
    Case(
        "closes what the task may still use",
        """import asyncio

class Reader:
    def start(self):
        self._task = asyncio.create_task(self._read())

    async def close(self):
        self._task.cancel()
        await self._connection.close()
""",
    ),
    Case(
        "under a condition",
        """import asyncio

class Reader:
    async def start(self):
        self._task = asyncio.create_task(self._read())

    async def cleanup(self):
        if self._task and not self._task.done():
            self._task.cancel()
            self._task = None
""",
    ),
)
CLEAN = (
    Case(
        "lets the loop turn, so that the cancellation arrives",
        """import asyncio

class Reader:
    def start(self):
        self._task = asyncio.create_task(self._read())

    async def close(self):
        self._task.cancel()
        await asyncio.sleep(0)
        await self._connection.close()
""",
    ),
    Case(
        "awaited, or gathered, or handed on",
        """import asyncio

class Reader:
    def start(self):
        self._task = asyncio.create_task(self._read())
        self._other = asyncio.create_task(self._read())

    async def close(self):
        self._task.cancel()
        self._other.cancel()
        try:
            await self._task
        except asyncio.CancelledError:
            pass
        await asyncio.gather(self._other, return_exceptions=True)
""",
    ),
    Case(
        "in a finalizer, or where nothing can be awaited",
        """import asyncio

class Reader:
    def start(self):
        self._task = asyncio.create_task(self._read())

    def __del__(self):
        self._task.cancel()

    def close(self):
        self._task.cancel()
""",
    ),
    Case(
        "a callback learns of the end",
        """import asyncio

class Reader:
    def start(self):
        self._task = asyncio.create_task(self._read())
        self._task.add_done_callback(self._ended)

    async def close(self):
        self._task.cancel()
""",
    ),
    Case(
        "through a local name",
        """import asyncio

class Reader:
    def start(self):
        self._task = asyncio.create_task(self._read())

    async def close(self):
        task = self._task
        if task is not None:
            self._task.cancel()
            await task
""",
    ),
)
