"""An if-ladder over `operation` has no failing `else`.

A misspelt operation falls through: it returns None, or fails with UnboundLocalError, instead of saying what is
wrong. Let the inherited routing do it (`@operation`), or end the ladder with a VALIDATION failure.

The fix adds that `else`. It is safe: no known operation takes that path.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.flow import always_leaves, own
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.unit import Case

CODE = "ORC012"
TOKENS = ((b"BaseOrchestrator",), (b"def orchestrate",), (b"operation",))
NODES = (ast.AsyncFunctionDef,)


def check(file: File, node: ast.AsyncFunctionDef) -> Iterator[Hit]:
    """Look at ladders that compare the operation with literals."""
    cls = file.parents.get(node)
    if node.name != "orchestrate" or not isinstance(cls, ast.ClassDef) or not is_orchestrator(file, cls):
        return
    names = _names_of_operation(node)
    for one in own(node.body):
        if isinstance(one, ast.If) and _compared(one.test, names) and not _is_elif(file, one):
            branches, last = _ladder(one, names)
            if len(branches) >= 2 and not last.orelse and _falls_through(file, node, one, branches):
                yield Hit(one, "an unknown operation falls through this ladder", _fix(file, one, last))
        elif isinstance(one, ast.Match) and _is_operation(one.subject, names):
            if not any(
                isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None for case in one.cases
            ):
                if _falls_through(file, node, one, [case.body for case in one.cases]):
                    yield Hit(one, "an unknown operation matches no case")

    steps = _steps(node, names)
    if len(steps) >= 2 and node.body[-1] is steps[-1]:
        yield Hit(steps[0], "an unknown operation falls through this ladder")


def _steps(function: ast.AsyncFunctionDef, names: set[str]) -> list[ast.If]:
    """Return the plain `if`s at the end of the function that compare the operation, and return."""
    steps: list[ast.If] = []
    for one in reversed(function.body):
        if not isinstance(one, ast.If) or one.orelse or not _compared(one.test, names):
            break
        if not always_leaves(one.body):
            break
        steps.insert(0, one)
    return steps


def _names_of_operation(function: ast.AsyncFunctionDef) -> set[str]:
    """Return the names that hold what `kwargs` has under "operation", beside those that say so."""
    return {"operation", "op", "action"} | {
        target.id
        for one in own(function.body)
        if isinstance(one, ast.Assign) and _is_operation(one.value, set())
        for target in one.targets
        if isinstance(target, ast.Name)
    }


def _is_operation(node: ast.expr, names: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.Subscript(slice=ast.Constant(value="operation")):
            return True
        case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value="operation"), *_]):
            return True
        case _:
            return False


def _compared(test: ast.expr, names: set[str]) -> bool:
    return (
        isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and isinstance(test.ops[0], ast.Eq | ast.In)
        and _is_operation(test.left, names)
    )


def _is_elif(file: File, node: ast.If) -> bool:
    parent = file.parents.get(node)
    return isinstance(parent, ast.If) and parent.orelse == [node]


def _ladder(node: ast.If, names: set[str]) -> tuple[list[list[ast.stmt]], ast.If]:
    branches = [node.body]
    while (
        len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and _compared(node.orelse[0].test, names)
    ):
        node = node.orelse[0]
        branches.append(node.body)
    return branches, node


def _falls_through(
    file: File, function: ast.AsyncFunctionDef, ladder: ast.stmt, branches: list[list[ast.stmt]]
) -> bool:
    """Tell whether nothing sensible comes after the ladder for an operation that it does not know."""
    parent = file.parents[ladder]
    block = next(
        (
            one
            for name in ("body", "orelse")
            if isinstance(one := getattr(parent, name, None), list) and ladder in one
        ),
        [],
    )
    position = block.index(ladder)
    before, after = block[:position], block[position + 1 :]
    if all(always_leaves(branch) for branch in branches):
        return parent is function and not after
    assigned = {name for branch in branches for name in _assigned(branch)}
    given = {name for one in before if not _is_nothing(one) for name in _assigned([one])}
    read = {
        one.id
        for statement in after
        for one in everything(statement)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }
    return bool((assigned & read) - given)


def _is_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)


def _assigned(statements: list[ast.stmt]) -> set[str]:
    return {one.id for one in own(statements) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _fix(file: File, ladder: ast.If, last: ast.If) -> Fix | None:
    names = file.origins.names
    if "StepResult" not in names or "ErrorCategory" not in names or not isinstance(last.test, ast.Compare):
        return None
    indent = file.indent(ladder)
    if indent is None or not file.is_alone(last.body[-1]):
        return None
    inner = file.indent(last.body[0]) or indent + "    "
    newline, operation = file.source.newline, ast.unparse(last.test.left)
    failure = (
        f'StepResult.fail(f"Unknown operation: {{{operation}}}", error_category=ErrorCategory.VALIDATION)'
    )
    if always_leaves(last.body):
        statement = f"return {failure}"
    else:
        name = next(iter(sorted(_assigned(last.body))), None)
        statement = f"{name} = {failure}" if name else f"return {failure}"
    end = file.line_end(last.body[-1])
    lead = "" if file.text[:end].endswith(("\n", "\r")) else newline
    return safe(file.insert(end, f"{lead}{indent}else:{newline}{inner}{statement}{newline}"))


_HEAD = """from orchestra import BaseOrchestrator, ErrorCategory, StepResult

class Flow(BaseOrchestrator):
    async def orchestrate(self, context, **kwargs):
        operation = kwargs.get("operation", "run")
"""
_RETURNS = """        if operation == "run":
            return await self._run(context)
        elif operation == "stop":
            return await self._stop(context)
"""
_ELSE = """        else:
            return StepResult.fail(f"Unknown operation: {operation}", error_category=ErrorCategory.VALIDATION)
"""
_ASSIGNS = """        if operation == "run":
            result = await self._run()
        elif operation == "stop":
            result = await self._stop()  # at once
"""
CASES = (
    Case("branches that return", _HEAD + _RETURNS, _HEAD + _RETURNS + _ELSE),
    Case(
        "branches that assign",
        _HEAD + _ASSIGNS + "        return result\n",
        _HEAD + _ASSIGNS + _ELSE.replace("return", "result =") + "        return result\n",
    ),
    Case(
        "plain ifs",
        _HEAD.replace("operation = ", "wanted = ")
        + '        if wanted == "run":\n            return await self._run()\n        if wanted == "stop":\n            return await self._stop()\n',
    ),
    Case(
        "a match",
        _HEAD
        + '        match operation:\n            case "run":\n                return await self._run()\n            case "stop":\n                return await self._stop()\n',
    ),
)
CLEAN = (
    Case(
        "plain ifs, and what comes after them",
        _HEAD
        + '        if operation == "run":\n            return await self._run()\n        if operation == "stop":\n            return await self._stop()\n        return await self._other()\n',
    ),
    Case("ends with a failure", _HEAD + _RETURNS + _ELSE),
    Case("the failure comes after it", _HEAD + _RETURNS + '        return StepResult.fail("unknown")\n'),
    Case(
        "a value for all others was given before",
        _HEAD + '        result = StepResult.fail("unknown")\n' + _ASSIGNS + "        return result\n",
    ),
    Case(
        "one comparison is no ladder",
        _HEAD
        + '        if operation == "run":\n            self.count = 1\n        return StepResult.ok()\n',
    ),
)
