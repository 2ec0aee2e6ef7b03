"""The one walk over a tree, for all rules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

Visitors = Mapping[type[ast.AST], Callable[[ast.AST], None]]


def _inner_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    return tuple(name for name in kind._fields if name not in {"ctx", "op", "ops", "type_comment", "lineno"})


_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_SKIPPED = frozenset(
    kind
    for kind in vars(ast).values()
    if isinstance(kind, type)
    and issubclass(kind, (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop))
)


def walk(tree: ast.AST, visitors: Visitors) -> None:
    """Call the visitor of its type for every node; operators and contexts have none."""
    fields_of, skipped = _FIELDS, _SKIPPED
    stack: list[ast.AST] = [tree]
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        kind = node.__class__
        visit = visitors.get(kind)
        if visit is not None:
            visit(node)
        fields = fields_of.get(kind)
        if fields is None:
            fields = fields_of[kind] = _inner_fields(kind)
        for name in fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for one in value:  # type: ignore[union-attr]
                    if isinstance(one, ast.AST) and one.__class__ not in skipped:
                        push(one)
            elif isinstance(value, ast.AST):
                push(value)
