"""`asyncio.run` is called in code that may already run on a loop.

It raises "asyncio.run() cannot be called from a running event loop" in every service, notebook and test with
a loop, though it worked in the script it was written for. Make the function a coroutine and let the entry point
run it; from a thread, use `facade.call_sync`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.prefilter import ASYNC
from orchestra_codemods.unit import Case

CODE = "ORC114"
TOKENS = (
    ASYNC,
    (re.compile(rb"asyncio\.run\(|from asyncio import[^\n]*\brun\b|import asyncio as"),),
    (b"async def ",),
)
NODES = (ast.Call,)


def check(file: File, node: ast.Call) -> Iterator[Hit]:
    """Look at calls that certainly happen on a running loop: in a coroutine, or in what a coroutine calls directly."""
    if file.dotted(node.func) != "asyncio.run":
        return
    function = file.function_of(node)
    if isinstance(function, ast.AsyncFunctionDef):
        yield Hit(node, "`asyncio.run` always fails in a coroutine; await instead")
    elif isinstance(function, ast.FunctionDef) and not _is_guarded(file, node, function):
        caller = _calling_coroutine(file, function)
        if caller is not None:
            yield Hit(node, f"`asyncio.run` fails when `{caller}` calls `{function.name}` on its loop")


def _is_guarded(file: File, node: ast.Call, function: ast.FunctionDef) -> bool:
    """Tell whether the function looks for a running loop, or catches the error."""
    text = ast.unparse(function)
    return "get_running_loop" in text or "is_running" in text or "RuntimeError" in text


def _calling_coroutine(file: File, function: ast.FunctionDef) -> str | None:
    """Return a coroutine of the file that calls the function directly, on its own loop."""
    holder = file.parents.get(function)
    if not isinstance(holder, ast.ClassDef | ast.Module):
        return None
    for one in everything(holder if isinstance(holder, ast.ClassDef) else file.tree):
        if isinstance(one, ast.Call) and _calls(one, function, isinstance(holder, ast.ClassDef)):
            above = file.function_of(one)
            if isinstance(above, ast.AsyncFunctionDef):
                return above.name
    return None


def _calls(call: ast.Call, function: ast.FunctionDef, is_method: bool) -> bool:
    target = call.func
    if is_method:
        return (
            isinstance(target, ast.Attribute)
            and target.attr == function.name
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
        )
    return isinstance(target, ast.Name) and target.id == function.name


CASES = (
    Case(
        "in a coroutine",
        """import asyncio

async def handle(event):
    return asyncio.run(record(event))
""",
    ),
    Case(
        "in a method that a coroutine calls",
        """import asyncio

class Hub:
    async def handle(self, event):
        self._record(event)

    def _record(self, event):
        asyncio.run(self.store(event))
""",
    ),
    Case(
        "in a function that a coroutine calls",
        """from asyncio import run

def record(event):
    run(store(event))

async def handle(event):
    record(event)
""",
    ),
)
CLEAN = (
    Case(
        "entry points",
        """import asyncio

def main():
    asyncio.run(serve())

if __name__ == "__main__":
    asyncio.run(serve())
""",
    ),
    Case(
        "in a thread of its own",
        """import asyncio

async def handle(event):
    await asyncio.to_thread(record, event)
    await loop.run_in_executor(None, lambda: asyncio.run(store(event)))

def record(event):
    asyncio.run(store(event))
""",
    ),
    Case(
        "looks for a running loop",
        """import asyncio

def record(event):
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(store(event))

async def handle(event):
    record(event)
""",
    ),
    Case(
        "another method of that name",
        """class Runner:
    async def go(self):
        self.process.run()
        run()
""",
    ),
)
