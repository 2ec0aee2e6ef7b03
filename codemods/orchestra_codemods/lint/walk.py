"""The one walk over a tree, for all rules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from orchestra_codemods.syntax.nodes import children

Visitors = Mapping[type[ast.AST], Callable[[ast.AST], None]]


_BLOCKS: Mapping[type[ast.AST], tuple[str, ...]] = {
    kind: blocks
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, ast.AST)
    and (
        blocks := tuple(
            name for name in ("body", "handlers", "orelse", "finalbody", "cases") if name in kind._fields
        )
    )
    and kind not in {ast.Lambda, ast.IfExp, ast.Expression}
}


def walk(tree: ast.AST, visitors: Visitors) -> None:
    """Call the visitor of its type for every node."""
    if all(issubclass(kind, ast.stmt) for kind in visitors):
        _walk_statements(tree, visitors)
    else:
        _walk_all(tree, visitors)


def _walk_statements(tree: ast.AST, visitors: Visitors) -> None:
    """Look into blocks alone: a statement in an expression there is none."""
    stack: list[ast.AST] = [tree]
    pop, extend = stack.pop, stack.extend
    while stack:
        node = pop()
        visit = visitors.get(node.__class__)
        if visit is not None:
            visit(node)
        for name in _BLOCKS.get(node.__class__, ()):
            extend(getattr(node, name))


def _walk_all(tree: ast.AST, visitors: Visitors) -> None:
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        visit = visitors.get(node.__class__)
        if visit is not None:
            visit(node)
        stack += children(node)
