"""An orchestrator has several public async methods and its `orchestrate` reaches none of them.

What is not routed cannot be called through the facade: no context, no logging, no deadline, no `orchestra run`.
Mark the methods with `@operation` and let the inherited `orchestrate` route them.

The fix marks them. It is safe: a marked method stays what it was for direct calls.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import FRAMEWORK_METHODS, is_orchestrator, operations
from orchestra_codemods.syntax.tasks import CLOSING, methods, reached
from orchestra_codemods.unit import Case

CODE = "ORC011"
TOKENS = ((b"BaseOrchestrator",), (b"async def ",))
NODES = (ast.ClassDef,)


def check(file: File, node: ast.ClassDef) -> Iterator[Hit]:
    """Look at orchestrators without an operation."""
    by_name = methods(node)
    if not is_orchestrator(file, node) or operations(file, node) or "orchestrate" not in by_name:
        return
    routed = {one.name for one in reached(node, ["orchestrate"])}
    if len(routed) > 1 and any(not name.startswith("_") for name in routed - {"orchestrate"}):
        return
    public = [
        one
        for one in by_name.values()
        if isinstance(one, ast.AsyncFunctionDef)
        and not one.name.startswith("_")
        and one.name not in FRAMEWORK_METHODS | routed | {"start"}
        and not CLOSING.match(one.name)
        and not one.decorator_list
        and not _wraps(one)
    ]
    if len(public) >= 2:
        names = ", ".join(f"`{one.name}`" for one in public)
        yield Hit(
            node, f"`{node.name}` has entry points that the facade cannot reach: {names}", _fix(file, public)
        )


def _wraps(method: ast.AsyncFunctionDef) -> bool:
    """Tell whether a method is a wrapper around `orchestrate`, kept for old callers."""
    return any(
        isinstance(one, ast.Attribute) and one.attr in {"orchestrate", "call"} for one in everything(method)
    )


def _fix(file: File, public: list[ast.AsyncFunctionDef]) -> Fix | None:
    edits = []
    if "operation" not in file.origins.names:
        alias = next(
            (
                one
                for node in file.origins.nodes
                if isinstance(node, ast.ImportFrom)
                for one in node.names
                if one.name == "BaseOrchestrator"
            ),
            None,
        )
        if alias is None:
            return None
        edits.append(file.insert(file.end(alias), ", operation"))
    for method in public:
        indent = file.indent(method)
        if indent is None:
            return None
        edits.append(file.insert(file.start(method), f"@operation{file.source.newline}{indent}"))
    return safe(*edits)


_HEAD = """from orchestra import BaseOrchestrator%s

class Reports(BaseOrchestrator):
    async def orchestrate(self, context, **kwargs):
        return %s

"""
CASES = (
    Case(
        "two beside orchestrate",
        _HEAD % ("", "1")
        + "    async def daily(self):\n        return 1\n\n    async def weekly(self):  # on Mondays\n        return 7\n",
        _HEAD % (", operation", "1")
        + "    @operation\n    async def daily(self):\n        return 1\n\n    @operation\n    async def weekly(self):  # on Mondays\n        return 7\n",
    ),
)
CLEAN = (
    Case(
        "marked",
        _HEAD % (", operation", "1")
        + "    @operation\n    async def daily(self):\n        return 1\n\n    async def weekly(self):\n        return 7\n",
    ),
    Case(
        "routed by hand",
        _HEAD % ("", 'await self.daily() if kwargs["operation"] == "daily" else await self.weekly()')
        + "    async def daily(self):\n        return 1\n\n    async def weekly(self):\n        return 7\n",
    ),
    Case(
        "wrappers for old callers, private and closing methods",
        _HEAD % ("", "1")
        + "    async def daily(self):\n        return await self.orchestrate(None)\n\n    async def _weekly(self):\n        return 7\n\n    async def cleanup(self):\n        pass\n\n    async def stop(self):\n        pass\n",
    ),
)
