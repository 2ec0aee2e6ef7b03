"""`kwargs.get("x")` is used as though it were always given.

A caller who leaves it out gets "'NoneType' object is not callable" from the depth of the orchestrator instead
of "missing parameter x". Declare the parameter on an `@operation`, or test for None.

The fix reads `kwargs["x"]`, which names what is missing. It is unsafe because it raises KeyError, earlier than before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.change import Fix
from orchestra_codemods.syntax import File, Hit
from orchestra_codemods.syntax.file import FUNCTIONS
from orchestra_codemods.syntax.flow import own
from orchestra_codemods.syntax.hit import unsafe
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.orchestrators import is_orchestrator
from orchestra_codemods.unit import Case

CODE = "ORC303"
TOKENS = ((b"kwargs.get(", b"params.get("), (b"rchestrat",))
NODES = (ast.Assign,)


def check(file: File, node: ast.Assign) -> Iterator[Hit]:
    """Look at names that hold such a value and are used without ever being tested."""
    key = _asked(node.value)
    function = next((one for one in file.ancestors(node) if isinstance(one, FUNCTIONS)), None)
    if key is None or function is None or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return
    if (
        not _concerns(file, function)
        or function.args.kwarg is None
        or not _is_of(node.value, function.args.kwarg.arg)
    ):
        return
    name = node.targets[0].id
    if _is_tested(file, function, name) or _assignments(function, name) != 1:
        return
    use = next(
        (
            one
            for one in own(function.body)
            if isinstance(one, ast.Name) and one.id == name and _needs_value(file, one)
        ),
        None,
    )
    if use is not None:
        yield Hit(
            node,
            f"`{name}` is None when nobody passes `{key}`, and is used as though it were given",
            _fix(file, node),
        )


def _asked(value: ast.expr) -> str | None:
    """Return the key of ``kwargs.get("key")`` without a default."""
    if (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr == "get"
        and len(value.args) == 1
    ):
        key = value.args[0]
        return (
            key.value
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and not value.keywords
            else None
        )
    return None


def _is_of(value: ast.expr, kwarg: str) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Name)
        and value.func.value.id == kwarg
    )


def _concerns(file: File, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    cls = file.parents.get(function)
    return function.name == "orchestrate" or (isinstance(cls, ast.ClassDef) and is_orchestrator(file, cls))


def _assignments(function: ast.AST, name: str) -> int:
    return sum(
        isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
        for one in everything(function)
    )


def _is_tested(file: File, function: ast.AST, name: str) -> bool:
    """Tell whether anything asks for the value itself: if, and, or, is None, a comparison, isinstance, try."""
    for one in everything(function):
        if not isinstance(one, ast.Name) or one.id != name or not isinstance(one.ctx, ast.Load):
            continue
        parent = file.parents[one]
        if isinstance(
            parent,
            ast.If
            | ast.IfExp
            | ast.While
            | ast.Assert
            | ast.BoolOp
            | ast.UnaryOp
            | ast.Compare
            | ast.comprehension
            | ast.Match,
        ):
            if not isinstance(parent, ast.comprehension) or one is not parent.iter:
                return True
        if isinstance(parent, ast.Call) and getattr(parent.func, "id", "") in {
            "isinstance",
            "callable",
            "hasattr",
            "len",
            "all",
            "any",
        }:
            return True
    return False


def _needs_value(file: File, node: ast.Name) -> bool:
    """Tell whether None fails here: called, awaited, an attribute, a subscript, an unpacking, a sum, a key."""
    parent = file.parents[node]
    if any(isinstance(one, ast.Try) and one.handlers for one in file.ancestors(node)):
        return False
    match parent:
        case ast.Call(func=function):
            return function is node
        case ast.Attribute() | ast.Await() | ast.Starred() | ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult()):
            return True
        case ast.Subscript(value=value):
            return value is node or not isinstance(value, ast.Call)
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
            return iterated is node
        case _:
            return False


def _fix(file: File, node: ast.Assign) -> Fix | None:
    value = node.value
    assert isinstance(value, ast.Call)
    assert isinstance(value.func, ast.Attribute)
    return unsafe(file.replace(value, f"{file.text_of(value.func.value)}[{file.text_of(value.args[0])}]"))


_HEAD = "from orchestra import BaseOrchestrator\n\nclass Flow(BaseOrchestrator):\n    async def orchestrate(self, context, **kwargs):\n"
CASES = (
    Case(
        "called",
        _HEAD + '        func = kwargs.get("func")\n        return await func()\n',
        _HEAD + '        func = kwargs["func"]\n        return await func()\n',
    ),
    Case(
        "a key of a dict that knows no None",
        _HEAD
        + '        component = kwargs.get("component")  # which\n        self._queues[component].append(1)\n',
        _HEAD
        + '        component = kwargs["component"]  # which\n        self._queues[component].append(1)\n',
    ),
    Case(
        "an attribute",
        _HEAD + '        user = kwargs.get("user")\n        return user.name\n',
        _HEAD + '        user = kwargs["user"]\n        return user.name\n',
    ),
)
CLEAN = (
    Case(
        "tested first",
        _HEAD
        + '        user = kwargs.get("user")\n        if user is None:\n            return self.missing("user")\n        return user.name\n',
    ),
    Case(
        "only passed on, or with a default",
        _HEAD
        + '        url = kwargs.get("url")\n        depth = kwargs.get("depth", "standard")\n        return await self._run(url, depth.lower())\n',
    ),
    Case(
        "tested within an expression",
        _HEAD + '        user = kwargs.get("user")\n        return user and user.name\n',
    ),
    Case(
        "assigned anew",
        _HEAD
        + '        user = kwargs.get("user")\n        user = await self.load(user)\n        return user.name\n',
    ),
    Case(
        "somebody else's function",
        'import orchestra\n\ndef view(request, **kwargs):\n    user = kwargs.get("user")\n    return user.name\n',
    ),
)
