"""`asyncio.get_event_loop()` is called in a coroutine.

In a coroutine a loop always runs, and `get_running_loop()` says so: it is faster, and it raises where it is
called from the wrong place. `get_event_loop()` makes a new loop there, or warns, or fails, by Python version.

The fix is safe: in a coroutine both return the running loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.unit import Case

CODE = "ORC113"
TOKENS = ((b"get_event_loop",), (b"async def ",))
NODES = (ast.Call,)


def check(file: File, node: ast.Call) -> Iterator[Hit]:
    """Look at calls whose nearest function is a coroutine."""
    if node.args or node.keywords or file.dotted(node.func) != "asyncio.get_event_loop":
        return
    if not isinstance(file.function_of(node), ast.AsyncFunctionDef):
        return
    better = file.origins.local("asyncio.get_running_loop")
    fix = safe(file.replace(node.func, better)) if better else None
    yield Hit(node, "in a coroutine ask for the running loop: `get_running_loop()`", fix)


CASES = (
    Case(
        "in a coroutine",
        """import asyncio

async def work():
    loop = asyncio.get_event_loop()  # the loop
    return await loop.run_in_executor(None, read)
""",
        """import asyncio

async def work():
    loop = asyncio.get_running_loop()  # the loop
    return await loop.run_in_executor(None, read)
""",
    ),
    Case(
        "imported by name: no fix without another import",
        """from asyncio import get_event_loop

async def work():
    return get_event_loop().time()
""",
    ),
)
CLEAN = (
    Case(
        "outside a coroutine, or in a function that only stands in one",
        """import asyncio

def main():
    asyncio.get_event_loop().run_until_complete(work())

async def work():
    def later():
        return asyncio.get_event_loop()
    return lambda: asyncio.get_event_loop()
""",
    ),
    Case(
        "a policy's own",
        """async def work(policy):
    return policy.get_event_loop()
""",
    ),
)
