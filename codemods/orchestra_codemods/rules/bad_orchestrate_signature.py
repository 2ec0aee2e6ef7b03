"""`orchestrate` is not `async def orchestrate(self, context, **kwargs)`.

The facade awaits it and passes the context by position and everything else by keyword: another signature fails
with the first call that brings one more parameter, or awaits something that is no coroutine.

The fix makes it `async` and adds `**kwargs`. It is unsafe because direct callers must then await it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.unit import Case

CODE = "ORC006"
TOKENS = ((b"BaseOrchestrator",), (b"def orchestrate",))
NODES = (ast.FunctionDef, ast.AsyncFunctionDef)


def check(file: File, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look at `orchestrate` of orchestrators."""
    cls = file.parents.get(node)
    if (
        node.name != "orchestrate"
        or not isinstance(cls, ast.ClassDef)
        or not is_orchestrator(file, cls)
        or node.decorator_list
    ):
        return
    arguments = node.args
    placed = [*arguments.posonlyargs, *arguments.args]
    required = len(placed) - len(arguments.defaults)
    if len(placed) < 2 and arguments.vararg is None:
        yield Hit(node, "`orchestrate` does not take the context")
    elif required > 2:
        extra = ", ".join(one.arg for one in placed[2:required])
        yield Hit(
            node,
            f"`orchestrate` asks for {extra} by position; the facade passes the context alone, and keywords",
        )
    elif any(default is None for default in arguments.kw_defaults):
        extra = ", ".join(
            one.arg
            for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if default is None
        )
        yield Hit(
            node, f"`orchestrate` cannot be called without {extra}: give it a default, or mark an operation"
        )
    elif isinstance(node, ast.FunctionDef):
        yield Hit(node, "`orchestrate` is not `async`", _fix(file, node))
    elif arguments.kwarg is None:
        yield Hit(node, "`orchestrate` does not take `**kwargs`", _fix(file, node))


def _fix(file: File, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Fix | None:
    edits = []
    if isinstance(node, ast.FunctionDef):
        edits.append(file.insert(file.start(node), "async "))
    if node.args.kwarg is None:
        if node.args.kwonlyargs or node.args.vararg or node.args.defaults:
            return None
        last = [*node.args.posonlyargs, *node.args.args][-1]
        slash = "" if node.args.args else ", /"
        if slash:
            return None
        edits.append(file.insert(file.end(last), ", **kwargs"))
    return unsafe(*edits)


_HEAD = """from orchestra import BaseOrchestrator

class Flow(BaseOrchestrator):
"""
CASES = (
    Case(
        "synchronous",
        _HEAD + "    def orchestrate(self, context):\n        return self.result\n",
        _HEAD + "    async def orchestrate(self, context, **kwargs):\n        return self.result\n",
    ),
    Case(
        "without keywords",
        _HEAD + "    async def orchestrate(self, context: object) -> object:\n        return self.result\n",
        _HEAD
        + "    async def orchestrate(self, context: object, **kwargs) -> object:\n        return self.result\n",
    ),
    Case(
        "another positional parameter",
        _HEAD + "    async def orchestrate(self, context, url, **kwargs):\n        return url\n",
    ),
    Case("no context", _HEAD + "    async def orchestrate(self, **kwargs):\n        return 1\n"),
)
CLEAN = (
    Case(
        "as the guide has it",
        _HEAD + "    async def orchestrate(self, context, **kwargs):\n        return 1\n",
    ),
    Case(
        "positional-only context, optional keywords",
        _HEAD + "    async def orchestrate(self, context, /, *, depth=1, **options):\n        return 1\n",
    ),
    Case(
        "a method of that name elsewhere",
        "from orchestra import BaseOrchestrator\n\nclass Other:\n    def orchestrate(self):\n        return 1\n",
    ),
)
