"""`orchestrate` returns a dict, None or a bare value on some path.

The facade asks the result whether it succeeded: anything but a result object becomes an INTERNAL failure, on
just that path. Return `StepResult.ok(result=value)`; operations may return anything.

The fix wraps the value. It is unsafe because direct callers see the wrapped value too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import always_leaves, own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.unit import Case

CODE = "ORC007"
TOKENS = ((b"BaseOrchestrator",), (b"def orchestrate",))
NODES = (ast.AsyncFunctionDef,)
_BARE = (
    ast.Constant,
    ast.Dict,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.JoinedStr,
    ast.ListComp,
    ast.DictComp,
    ast.Compare,
)


def check(file: File, node: ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look at what a hand-written `orchestrate` returns."""
    cls = file.parents.get(node)
    if (
        node.name != "orchestrate"
        or not isinstance(cls, ast.ClassDef)
        or not is_orchestrator(file, cls)
        or _is_stub(node)
    ):
        return
    nodes = list(own(node.body))
    if any(isinstance(one, ast.Yield | ast.YieldFrom) for one in nodes):
        return
    for one in nodes:
        if isinstance(one, ast.Return) and (one.value is None or isinstance(one.value, _BARE)):
            what = "None" if one.value is None else ast.unparse(one.value)
            what = what if len(what) < 40 else f"{what[:36]} …"
            yield Hit(one, f"`orchestrate` returns `{what}`, not a result", _fix(file, one))
    if not always_leaves(node.body):
        yield Hit(node, "`orchestrate` ends without a result on some path: it returns None")


def _is_stub(function: ast.AsyncFunctionDef) -> bool:
    return bool(function.decorator_list) or all(
        isinstance(one, ast.Pass | ast.Raise)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in function.body
    )


def _fix(file: File, node: ast.Return) -> Fix | None:
    if "StepResult" not in file.origins.names:
        return None
    value = (
        ""
        if node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
        else f"result={file.text_of(node.value)}"
    )
    return unsafe(file.replace(node, f"return StepResult.ok({value})"))


_HEAD = """from orchestra import BaseOrchestrator, StepResult

class Flow(BaseOrchestrator):
"""
CASES = (
    Case(
        "a dict",
        _HEAD
        + '    async def orchestrate(self, context, **kwargs):\n        return {"status": "ok"}  # done\n',
        _HEAD
        + '    async def orchestrate(self, context, **kwargs):\n        return StepResult.ok(result={"status": "ok"})  # done\n',
    ),
    Case(
        "None on one path",
        _HEAD
        + "    async def orchestrate(self, context, **kwargs):\n        if not kwargs:\n            return\n        return StepResult.ok()\n",
        _HEAD
        + "    async def orchestrate(self, context, **kwargs):\n        if not kwargs:\n            return StepResult.ok()\n        return StepResult.ok()\n",
    ),
    Case(
        "no return at all",
        _HEAD + "    async def orchestrate(self, context, **kwargs):\n        await self.work()\n",
    ),
)
CLEAN = (
    Case(
        "a result, or what somebody returned",
        _HEAD
        + "    async def orchestrate(self, context, **kwargs):\n        if kwargs:\n            return await self.work()\n        result = StepResult.ok()\n        return result\n",
    ),
    Case(
        "an operation returns anything",
        _HEAD + "    @operation\n    async def count(self):\n        return 3\n",
    ),
    Case(
        "every path raises or returns",
        _HEAD
        + "    async def orchestrate(self, context, **kwargs):\n        try:\n            return await self.work()\n        except ValueError as error:\n            return StepResult.fail(str(error))\n        finally:\n            self.done = True\n",
    ),
    Case(
        "only declared",
        _HEAD + "    async def orchestrate(self, context, **kwargs):\n        raise NotImplementedError\n",
    ),
    Case(
        "a function in it",
        _HEAD
        + "    async def orchestrate(self, context, **kwargs):\n        def count():\n            return 3\n        return StepResult.ok(result=count())\n",
    ),
)
