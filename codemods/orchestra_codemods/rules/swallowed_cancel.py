"""CancelledError is caught and the work goes on.

A task that swallows its cancellation cannot be ended: `cleanup()`, timeouts and the end of `asyncio.run` wait for
ever, or until the next attempt. Clean up and raise it again.

The fix adds `raise` at the end of the handler. It is unsafe because code after the handler no longer runs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import always_leaves, caught, is_endless, own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.prefilter import ASYNC, bodies
from orchestra_codemods.syntax.tasks import CLOSING, cancels
from orchestra_codemods.unit import Case

CODE = "ORC108"
_HANDLER = re.compile(rb"[ \t]*except(?:[^\n]*\b(?:CancelledError|BaseException)\b[^\n]*)?:", re.MULTILINE)
_LEAVES = re.compile(rb"^[ \t]*(?:raise|return|break)\b", re.MULTILINE)
_ENDLESS = re.compile(rb"\bwhile\s*\(?(?:True|1)\b")


def may_concern(data: bytes) -> bool:
    """Tell whether such a handler neither raises, returns nor breaks, in a file with an endless loop."""
    return _ENDLESS.search(data) is not None and any(
        _LEAVES.search(body) is None for _, body, _ in bodies(data, b"except", _HANDLER)
    )


TOKENS = (
    ASYNC,
    (b"while ",),
    (b"CancelledError", b"BaseException", b"except:"),
    (may_concern,),
)
NODES = (ast.Try,)


def check(file: File, node: ast.Try) -> Iterator[Hit]:
    """Look at handlers in loops that have no other end."""
    function = file.function_of(node)
    loop = file.parents.get(node)
    if not isinstance(function, ast.AsyncFunctionDef) or CLOSING.match(function.name):
        return
    if not isinstance(loop, ast.While) or not is_endless(loop) or not _awaits_work(node):
        return
    if cancels(function) or node.finalbody or _ends_on_success(node):
        return
    before: set[str] = set()
    for handler in node.handlers:
        names = caught(handler, file.dotted)
        hit = {"CancelledError", "BaseException"} & names
        if hit and "CancelledError" not in before and not _ends(handler):
            name = max(hit)
            yield Hit(
                handler,
                f"`{name}` is caught and the loop goes on: this task cannot be cancelled",
                _fix(file, handler),
            )
        before |= names


def _ends(handler: ast.ExceptHandler) -> bool:
    """Tell whether some path of the handler leaves the loop."""
    return any(isinstance(one, ast.Raise | ast.Return | ast.Break) for one in own(handler.body))


def _ends_on_success(node: ast.Try) -> bool:
    """A loop that tries until it succeeds ends by itself."""
    return isinstance((node.orelse or node.body)[-1], ast.Break | ast.Return)


def _awaits_work(node: ast.Try) -> bool:
    """An await of a bare name may be a task of one's own, whose cancellation is meant."""
    awaits = [one for one in own(node.body) if isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith)]
    return bool(awaits) and not any(
        isinstance(one, ast.Await) and not isinstance(one.value, ast.Call) for one in awaits
    )


def _fix(file: File, handler: ast.ExceptHandler) -> Fix | None:
    last = handler.body[-1]
    indent = file.indent(last)
    if indent is None or not file.is_alone(last):
        return None
    if isinstance(last, ast.Continue | ast.Pass):
        return unsafe(file.replace(last, "raise"))
    if always_leaves(handler.body):
        return None
    return unsafe(file.insert(file.end(last), f"{file.source.newline}{indent}raise"))


CASES = (
    Case(
        "logged, and on it goes",
        """import asyncio

async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except asyncio.CancelledError:
            log.info("cancelled")
""",
        """import asyncio

async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except asyncio.CancelledError:
            log.info("cancelled")
            raise
""",
    ),
    Case(
        "a bare except",
        """async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except:  # whatever it was
            continue
""",
        """async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except:  # whatever it was
            raise
""",
    ),
    Case(
        "among others",
        """from asyncio import CancelledError

async def serve(queue):
    while True:
        try:
            await queue.join()
        except (ValueError, CancelledError) as error:
            print(error)
""",
        """from asyncio import CancelledError

async def serve(queue):
    while True:
        try:
            await queue.join()
        except (ValueError, CancelledError) as error:
            print(error)
            raise
""",
    ),
)
CLEAN = (
    Case(
        "tries until it succeeds",
        """async def evict(handle):
    while True:
        try:
            await handle.release()
            break
        except BaseException:
            log.exception("not yet")
""",
    ),
    Case(
        "leaves the loop",
        """import asyncio

async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except asyncio.CancelledError:
            if queue.empty():
                break
            raise
""",
    ),
    Case(
        "the last statement of a function: the task ends all the same",
        """import asyncio

async def serve(queue):
    try:
        while True:
            await handle(await queue.get())
    except asyncio.CancelledError:
        log.info("cancelled")
""",
    ),
    Case(
        "the task that was cancelled is another one",
        """import asyncio

async def supervise(task):
    while True:
        try:
            await task
        except asyncio.CancelledError:
            task = restart()

async def replace(self):
    while True:
        self.task.cancel()
        try:
            await asyncio.wait_for(self.task, 1)
        except asyncio.CancelledError:
            pass
""",
    ),
    Case(
        "an earlier handler raises it",
        """import asyncio

async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except asyncio.CancelledError:
            raise
        except BaseException:
            log.exception("failed")
""",
    ),
    Case(
        "Exception does not include it",
        """import asyncio

async def serve(queue):
    while True:
        try:
            await handle(await queue.get())
        except Exception:
            log.exception("failed")
""",
    ),
)
