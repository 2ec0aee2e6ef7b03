"""A nested call passes the caller's own context on.

Depth and parent are then those of the caller: the limit on depth never triggers, logs show the wrong parent, and
metadata that the callee adds comes back.

The fix derives a child. It is safe: tenant, request and trace are kept.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.collectors import is_facade
from orchestra_codemods.syntax.file import FUNCTIONS
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.unit import Case

CODE = "ORC304"
TOKENS = ((b"BaseOrchestrator",), (b"acade",), (b"context",))
NODES = (ast.Call,)


def check(file: File, node: ast.Call) -> Iterator[Hit]:
    """Look at calls through the facade in methods of orchestrators."""
    if (
        not isinstance(node.func, ast.Attribute)
        or node.func.attr not in {"orchestrate", "call", "stream"}
        or not is_facade(file, node.func.value)
    ):
        return
    function = next((one for one in file.ancestors(node) if isinstance(one, FUNCTIONS)), None)
    cls = file.class_of(node)
    if function is None or cls is None or not is_orchestrator(file, cls):
        return
    parameters = [
        one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    ]
    position = 2 if node.func.attr == "call" else 1
    given = [one.value for one in node.keywords if one.arg == "context"] or node.args[position : position + 1]
    for one in given:
        if (
            isinstance(one, ast.Name)
            and one.id in parameters
            and "context" in one.id
            and not _is_assigned(function, one.id)
        ):
            child = f"{one.id}.create_child_context(self.name)"
            yield Hit(one, "derive a child of the context for a nested call", safe(file.replace(one, child)))


def _is_assigned(function: ast.AST, name: str) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
        for one in everything(function)
    )


_HEAD = "from orchestra import BaseOrchestrator, get_orchestration_facade\n\nclass Flow(BaseOrchestrator):\n    async def orchestrate(self, context, **kwargs):\n        facade = get_orchestration_facade()\n"
CASES = (
    Case(
        "by position",
        _HEAD + '        return await facade.orchestrate("other", context, depth=1)  # nested\n',
        _HEAD
        + '        return await facade.orchestrate("other", context.create_child_context(self.name), depth=1)  # nested\n',
    ),
    Case(
        "call",
        _HEAD + '        return await facade.call("other", "run", context)\n',
        _HEAD + '        return await facade.call("other", "run", context.create_child_context(self.name))\n',
    ),
)
CLEAN = (
    Case(
        "a child, none at all, or another",
        _HEAD
        + '        child = context.create_child_context(self.name)\n        await facade.orchestrate("other", child)\n        await facade.call("other", "run", None)\n        await facade.orchestrate("other", self.context)\n',
    ),
    Case("its own method", _HEAD + "        return await self._run(context)\n"),
    Case(
        "no orchestrator",
        'from orchestra import BaseOrchestrator, get_orchestration_facade\n\nasync def handle(context):\n    return await get_orchestration_facade().orchestrate("flow", context)\n',
    ),
)
