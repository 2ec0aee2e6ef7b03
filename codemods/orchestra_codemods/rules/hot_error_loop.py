"""A loop paces itself inside a `try`, and an error skips the pause.

While the error lasts the loop spins: a full core, and thousands of log lines a second. The pause must stand on
the path of the error too: after the `try`, in its handler, or in a supervisor that backs off (`@background`).

The fix pauses one second at the end of the handler. It is unsafe because the right pause is yours to choose.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import caught, is_broad, own, waits
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC, bodies
from orchestra_codemods.unit import Case

CODE = "ORC110"
_LOOP = re.compile(rb"[ \t]*while\b[^\n]*:", re.MULTILINE)
_HANDLER = re.compile(rb"[ \t]*except(?:[^\n]*\b(?:Exception|BaseException)\b[^\n]*)?:[^\n]*", re.MULTILINE)
_STOPS = re.compile(rb"\bawait\b|^[ \t]*(?:raise|return|break)\b", re.MULTILINE)


def may_concern(data: bytes) -> bool:
    """Tell whether a loop pauses, and has a broad handler that neither waits nor ends it."""
    return any(
        (b"sleep(" in body or b"wait" in body.replace(b"await", b""))
        and any(_STOPS.search(handled) is None for _, handled, _ in bodies(body, b"except", _HANDLER))
        for _, body, _ in bodies(data, b"while", _LOOP)
    )


TOKENS = (
    ASYNC,
    (b"while ",),
    (b"except Exception", b"except:", b"except (", b"except BaseException"),
    (may_concern,),
)
NODES = (ast.While,)
_PAUSES = {"sleep", "wait", "wait_for", "wait_stopped"}
_WAITING = {
    "get",
    "recv",
    "receive",
    "read",
    "readline",
    "readexactly",
    "accept",
    "join",
    "poll",
    "listen",
    "acquire",
    "xreadgroup",
    "xread",
    "blpop",
    "brpop",
}


def check(file: File, node: ast.While) -> Iterator[Hit]:
    """Look at loops whose only pause stands in a ``try``, after work that may fail."""
    if not isinstance(file.function_of(node), ast.AsyncFunctionDef):
        return
    tries = [one for one in node.body if isinstance(one, ast.Try)]
    if (
        len(tries) != 1
        or any(waits(one) for one in node.body if one is not tries[0])
        or waits(tries[0].finalbody)
    ):
        return
    attempt = tries[0]
    if _uses_up(node):
        return
    if any(_can_end(one) for one in node.body if one is not attempt) or not _works_then_pauses(file, attempt):
        return
    for handler in attempt.handlers:
        if is_broad(caught(handler, file.dotted)) and not _slows(handler) and not _counts(handler, node.test):
            yield Hit(handler, "after an error this loop goes on without any pause", _fix(file, handler))


def _uses_up(loop: ast.While) -> bool:
    """Tell whether the loop takes things out of what its condition asks for: then it ends with them."""
    asked = {ast.unparse(one) for one in everything(loop.test) if isinstance(one, ast.Name | ast.Attribute)}
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr in {"pop", "popleft", "popitem", "get_nowait"}
        and ast.unparse(one.func.value) in asked
        for one in own(loop.body)
    )


def _can_end(statement: ast.stmt) -> bool:
    return any(isinstance(one, ast.Break | ast.Return | ast.Raise) for one in own(statement))


def _works_then_pauses(file: File, attempt: ast.Try) -> bool:
    """Tell whether the body first does what may fail, and then pauses."""
    first = attempt.body[0]
    if _pauses(file, first) or _is_waiting(first):
        return False
    return any(_pauses(file, one) for one in [*attempt.body[1:], *attempt.orelse])


def _pauses(file: File, statement: ast.stmt) -> bool:
    return any(
        isinstance(one, ast.Await)
        and isinstance(one.value, ast.Call)
        and _name(one.value) in _PAUSES
        and not (
            one.value.args and isinstance(one.value.args[0], ast.Constant) and one.value.args[0].value == 0
        )
        for one in own(statement)
    )


def _is_waiting(statement: ast.stmt) -> bool:
    """Tell whether a statement waits for something to come: then the loop is paced by what comes."""
    return any(
        isinstance(one, ast.Await)
        and isinstance(one.value, ast.Call)
        and _name(one.value).lstrip("_") in _WAITING
        for one in own(statement)
    )


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _slows(handler: ast.ExceptHandler) -> bool:
    """Tell whether some path of the handler waits or ends the loop."""
    return waits(handler.body) or any(
        isinstance(one, ast.Break | ast.Return | ast.Raise) for one in own(handler.body)
    )


def _counts(handler: ast.ExceptHandler, test: ast.expr) -> bool:
    """Tell whether the handler counts attempts which the loop's condition limits."""
    asked = {ast.unparse(one) for one in everything(test) if isinstance(one, ast.Name | ast.Attribute)}
    return any(
        isinstance(one, ast.AugAssign) and ast.unparse(one.target) in asked for one in own(handler.body)
    )


def _fix(file: File, handler: ast.ExceptHandler) -> Fix | None:
    last = handler.body[-1]
    indent = file.indent(last)
    if indent is None or not file.is_alone(last) or file.origins.names.get("asyncio") != "asyncio":
        return None
    pause = "await asyncio.sleep(1)"
    if isinstance(last, ast.Pass):
        return unsafe(file.replace(last, pause))
    if isinstance(last, ast.Continue):
        return unsafe(file.insert(file.start(last), f"{pause}{file.source.newline}{indent}"))
    return unsafe(file.insert(file.end(last), f"{file.source.newline}{indent}{pause}"))


CASES = (
    Case(
        "the pause is skipped by the error",
        """import asyncio

class Monitor:
    async def _watch(self):
        while self.running:
            try:
                await self.look()
                await asyncio.sleep(60)
            except Exception as error:
                log.error("failed", error)
""",
        """import asyncio

class Monitor:
    async def _watch(self):
        while self.running:
            try:
                await self.look()
                await asyncio.sleep(60)
            except Exception as error:
                log.error("failed", error)
                await asyncio.sleep(1)
""",
    ),
    Case(
        "as the guide prints it: works first, then waits for the event",
        """import asyncio

class Monitor:
    async def _watch(self):
        while not self._stop.is_set():
            try:
                await self.look()
                await asyncio.wait_for(self._stop.wait(), timeout=60.0)
            except asyncio.TimeoutError:
                continue
            except Exception:
                continue
""",
        """import asyncio

class Monitor:
    async def _watch(self):
        while not self._stop.is_set():
            try:
                await self.look()
                await asyncio.wait_for(self._stop.wait(), timeout=60.0)
            except asyncio.TimeoutError:
                continue
            except Exception:
                await asyncio.sleep(1)
                continue
""",
    ),
)
CLEAN = (
    Case(
        "a list that is used up",
        """import asyncio

async def open_each(items, results):
    while items:
        item = items.pop(0)
        try:
            await item.open()
            await item.wait_for("open")
            results.append(await item.read())
        except Exception as error:
            results.append(error)
""",
    ),
    Case(
        "a limited number of attempts",
        """import asyncio

async def generate(limit):
    retries = 0
    while retries < limit:
        try:
            await step()
            await asyncio.sleep(1)
        except Exception:
            retries += 1
""",
    ),
    Case(
        "waits before or after the try, or in its handler or finally",
        """import asyncio

async def one():
    while True:
        try:
            await look()
        except Exception:
            log.exception("failed")
        await asyncio.sleep(60)

async def two():
    while True:
        try:
            await look()
            await asyncio.sleep(60)
        except Exception:
            await asyncio.sleep(5)

async def three():
    while True:
        try:
            await look()
            await asyncio.sleep(60)
        except Exception:
            log.exception("failed")
        finally:
            await asyncio.sleep(1)
""",
    ),
    Case(
        "paced by what comes in",
        """import asyncio

async def consume(queue):
    while True:
        try:
            item = await queue.get()
            await handle(item)
            await asyncio.sleep(0.1)
        except Exception:
            log.exception("failed")
""",
    ),
    Case(
        "pauses first",
        """import asyncio

async def watch():
    while True:
        try:
            await asyncio.sleep(60)
            await look()
        except Exception:
            log.exception("failed")
""",
    ),
    Case(
        "a specific error, or one that ends the loop",
        """import asyncio

async def watch():
    while True:
        try:
            await look()
            await asyncio.sleep(60)
        except KeyError:
            log.exception("failed")

async def retry():
    while True:
        try:
            await look()
            await asyncio.sleep(60)
        except Exception:
            if log.exception("failed"):
                raise
""",
    ),
)
