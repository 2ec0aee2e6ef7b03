"""A hand-written `orchestrate` does not log its start, or not its end on some path.

A call that is logged as started and never as completed looks as though it hung; durations and failures are lost.
What is routed to operations is logged by the framework, and so is what the facade calls; this is for direct
calls.

The fix adds the missing line. It is safe: both methods only log, and only once a call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.syntax.tasks import self_attribute
from orchestra_codemods.unit import Case

CODE = "ORC008"
TOKENS = ((b"BaseOrchestrator",), (b"def orchestrate",))
NODES = (ast.AsyncFunctionDef,)
_START, _END = "_log_orchestration_start", "_log_orchestration_end"


def check(file: File, node: ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look for the two calls in a hand-written `orchestrate`."""
    cls = file.parents.get(node)
    if node.name != "orchestrate" or not isinstance(cls, ast.ClassDef) or not is_orchestrator(file, cls):
        return
    calls = {self_attribute(one.func) for one in own(node.body) if isinstance(one, ast.Call)}
    returns = [one for one in own(node.body) if isinstance(one, ast.Return) and one.value is not None]
    if not returns or node.decorator_list or any(_delegates(one) for one in returns):
        return
    if _START not in calls:
        yield Hit(node, "`orchestrate` does not log its start", _start(file, node))
    if not _logs_finally(node):
        for one in sorted(returns, key=lambda one: one.lineno):
            if not _is_logged(file, one, node):
                yield Hit(one, "`orchestrate` returns here without logging its end", _end(file, one))


def _delegates(node: ast.Return) -> bool:
    """Tell whether a return hands the whole call on, with its context: there it is logged."""
    value = node.value.value if isinstance(node.value, ast.Await) else node.value
    if not isinstance(value, ast.Call):
        return False
    names = {one.id for one in everything(value) if isinstance(one, ast.Name)}
    return "context" in names or (isinstance(value.func, ast.Attribute) and value.func.attr == "orchestrate")


def _logs_finally(function: ast.AsyncFunctionDef) -> bool:
    return any(
        _END in ast.unparse(line)
        for one in own(function.body)
        if isinstance(one, ast.Try)
        for line in one.finalbody
    )


def _is_logged(file: File, node: ast.Return, function: ast.AsyncFunctionDef) -> bool:
    """Tell whether the end is logged before the return, in its block or in one around it."""
    statement: ast.AST = node
    while statement is not function:
        parent = file.parents[statement]
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(parent, block, None)
            if isinstance(statements, list) and statement in statements:
                before = statements[: statements.index(statement)]
                if any(_END in ast.unparse(one) for one in before):
                    return True
        statement = parent
    return _END in ast.unparse(node)


def _context(function: ast.AsyncFunctionDef) -> str | None:
    placed = [*function.args.posonlyargs, *function.args.args]
    return placed[1].arg if len(placed) > 1 else None


def _start(file: File, node: ast.AsyncFunctionDef) -> Fix | None:
    body = [
        one
        for one in node.body
        if not (one is node.body[0] and isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
    ]
    context = _context(node)
    indent = file.indent(body[0]) if body else None
    if indent is None or context is None:
        return None
    rest = f", **{node.args.kwarg.arg}" if node.args.kwarg else ""
    return safe(
        file.insert(file.start(body[0]), f"self.{_START}({context}{rest}){file.source.newline}{indent}")
    )


def _end(file: File, node: ast.Return) -> Fix | None:
    indent = file.indent(node)
    function = file.function_of(node)
    if indent is None or node.value is None or not isinstance(function, ast.AsyncFunctionDef):
        return None
    context, newline = _context(function), file.source.newline
    if context is None or not file.is_alone(node):
        return None
    if isinstance(node.value, ast.Name):
        return safe(
            file.insert(file.start(node), f"self.{_END}({context}, {node.value.id}){newline}{indent}")
        )
    used = {one.id for one in everything(function) if isinstance(one, ast.Name)}
    name = "result" if "result" not in used else "step_result"
    if name in used and name == "step_result":
        return None
    text = f"{name} = {file.text_of(node.value)}{newline}{indent}self.{_END}({context}, {name}){newline}{indent}return {name}"
    return safe(file.replace(node, text))


_HEAD = """from orchestra import BaseOrchestrator, StepResult

class Flow(BaseOrchestrator):
    async def orchestrate(self, context, **kwargs):
"""
CASES = (
    Case(
        "neither",
        _HEAD + "        return StepResult.ok()\n",
        _HEAD
        + "        self._log_orchestration_start(context, **kwargs)\n"
        + "        result = StepResult.ok()\n        self._log_orchestration_end(context, result)\n        return result\n",
    ),
    Case(
        "an early return",
        _HEAD
        + "        self._log_orchestration_start(context, **kwargs)\n        result = StepResult.ok()\n        if kwargs:\n            return result\n"
        + "        self._log_orchestration_end(context, result)\n        return result  # the end\n",
        _HEAD
        + "        self._log_orchestration_start(context, **kwargs)\n        result = StepResult.ok()\n        if kwargs:\n"
        + "            self._log_orchestration_end(context, result)\n            return result\n"
        + "        self._log_orchestration_end(context, result)\n        return result  # the end\n",
    ),
)
CLEAN = (
    Case(
        "both, on every path",
        _HEAD
        + "        self._log_orchestration_start(context, **kwargs)\n        result = StepResult.ok()\n"
        + "        self._log_orchestration_end(context, result)\n        if kwargs:\n            return result\n        return result\n",
    ),
    Case(
        "the end in finally",
        _HEAD
        + "        self._log_orchestration_start(context, **kwargs)\n        try:\n            result = StepResult.ok()\n            return result\n"
        + "        finally:\n            self._log_orchestration_end(context, None)\n",
    ),
    Case("handed on with its context", _HEAD + "        return await self._execute(context, **kwargs)\n"),
    Case(
        "inherited routing logs itself",
        "from orchestra import BaseOrchestrator, operation\n\nclass Flow(BaseOrchestrator):\n    @operation\n    async def run(self):\n        return 1\n",
    ),
)
