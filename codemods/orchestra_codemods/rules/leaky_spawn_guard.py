"""`create_task(work())` is guarded by `except RuntimeError`, but the coroutine exists before the error.

Without a running loop `work()` is built first, then `create_task` raises, and the coroutine is left over:
"coroutine … was never awaited". Look for the loop first.

The fix asks for the running loop before the coroutine is built; the same error is raised at the same place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import caught, own
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.prefilter import bodies
from orchestra_codemods.unit import Case

CODE = "ORC111"
_TRY = re.compile(rb"[ \t]*try:", re.MULTILINE)


def may_concern(data: bytes) -> bool:
    """Tell whether a try starts a task, and a handler soon after it names RuntimeError."""
    return any(
        b"create_task" in body and b"RuntimeError" in data[end : end + 1000]
        for _, body, end in bodies(data, b"try:", _TRY)
    )


TOKENS = ((b"create_task",), (b"RuntimeError",), (may_concern,))
NODES = (ast.Try,)


def check(file: File, node: ast.Try) -> Iterator[Hit]:
    """Look at spawns in the body of a try that expects there to be no loop."""
    if not any("RuntimeError" in caught(handler, file.dotted) for handler in node.handlers):
        return
    if isinstance(file.function_of(node), ast.AsyncFunctionDef):
        return
    calls = [one for one in own(node.body) if isinstance(one, ast.Call)]
    if any(file.dotted(one.func) in {"asyncio.get_running_loop", "asyncio.get_event_loop"} for one in calls):
        return
    for one in calls:
        if file.dotted(one.func) == "asyncio.create_task" and one.args and isinstance(one.args[0], ast.Call):
            name = file.origins.local("asyncio.get_running_loop")
            fix = safe(file.replace(one.func, f"{name}().create_task")) if name else None
            yield Hit(
                one, "without a running loop the coroutine is built all the same, and never awaited", fix
            )


CASES = (
    Case(
        "as the guide prints it",
        """import asyncio

class Monitor:
    def _start(self):
        try:
            self._task = asyncio.create_task(self._watch())
        except RuntimeError:
            pass  # no loop yet
""",
        """import asyncio

class Monitor:
    def _start(self):
        try:
            self._task = asyncio.get_running_loop().create_task(self._watch())
        except RuntimeError:
            pass  # no loop yet
""",
    ),
    Case(
        "without anything to ask the loop with: no fix",
        """from asyncio import create_task

def start(self):
    try:
        self._task = create_task(self._watch(), name="watch")
    except (RuntimeError, ValueError):
        self._task = None
""",
    ),
)
CLEAN = (
    Case(
        "looks for the loop first",
        """import asyncio

def start(self):
    try:
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._watch())
    except RuntimeError:
        self._task = None

def again(self):
    try:
        asyncio.get_running_loop()
        self._task = asyncio.create_task(self._watch())
    except RuntimeError:
        self._task = None
""",
    ),
    Case(
        "in a coroutine a loop runs",
        """import asyncio

async def start(self):
    try:
        self._task = asyncio.create_task(self._watch())
    except RuntimeError:
        self._task = None
""",
    ),
    Case(
        "the coroutine is at hand for whoever catches the error",
        """import asyncio

def start(coroutine):
    try:
        return asyncio.create_task(coroutine)
    except RuntimeError:
        coroutine.close()
""",
    ),
)
