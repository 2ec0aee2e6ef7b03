"""How control flows through a piece of code, as far as its shape tells."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from orchestra_codemods.syntax.nodes import children

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_BROAD = {"Exception", "BaseException"}


def own(nodes: ast.AST | Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield nodes and what they contain, without what functions and classes nested in them contain."""
    stack = [nodes] if isinstance(nodes, ast.AST) else list(nodes)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack += children(node)


def body_of(function: ast.AST) -> list[ast.stmt]:
    """Return the statements of a function, class or loop; of a lambda none."""
    body = getattr(function, "body", [])
    return body if isinstance(body, list) else []


def waits(nodes: ast.AST | Iterable[ast.AST]) -> bool:
    """Tell whether control goes back to the event loop somewhere in the nodes."""
    return any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in own(nodes))


def is_endless(loop: ast.AST) -> bool:
    """Tell whether a loop is ``while True`` or ``while 1``."""
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def breaks(loop: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Tell whether a ``break`` belongs to this very loop."""
    stack: list[ast.AST] = list(loop.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, _LOOPS):
            stack.extend(node.orelse)
        elif not isinstance(node, _SCOPES):
            stack.extend(ast.iter_child_nodes(node))
    return False


def leaves(nodes: Iterable[ast.AST]) -> bool:
    """Tell whether some path through the nodes returns or raises."""
    return any(isinstance(node, ast.Return | ast.Raise) for node in own(nodes))


def always_leaves(statements: list[ast.stmt]) -> bool:
    """Tell whether no path reaches the end of a block: all return, raise, break or continue."""
    if not statements:
        return False
    return any(_leaves(statement) for statement in statements)


def _leaves(statement: ast.stmt) -> bool:  # noqa: PLR0911 - one line a kind of statement
    match statement:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return True
        case ast.If(body=body, orelse=orelse):
            return bool(orelse) and always_leaves(body) and always_leaves(orelse)
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return always_leaves(body) and not isinstance(statement, ast.AsyncWith)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            tried = always_leaves(body) or always_leaves(orelse)
            return always_leaves(final) or (tried and all(always_leaves(one.body) for one in handlers))
        case ast.While() if is_endless(statement):
            return not breaks(statement)
        case ast.Match(cases=cases):
            total = any(isinstance(one.pattern, ast.MatchAs) and one.pattern.pattern is None for one in cases)
            return total and all(always_leaves(one.body) for one in cases)
        case _:
            return False


def caught(handler: ast.ExceptHandler, dotted: Callable[[ast.AST], str | None]) -> set[str]:
    """Return the last parts of the names of the exceptions that a handler catches; bare: BaseException."""
    if handler.type is None:
        return {"BaseException"}
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {(dotted(one) or "").rpartition(".")[2] for one in types}


def is_broad(names: set[str]) -> bool:
    """Tell whether caught exceptions include Exception."""
    return bool(names & _BROAD)
