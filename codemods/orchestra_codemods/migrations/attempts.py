"""Code that tries whether something has an attribute, and goes on where it has none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.names import dotted_name, every_node

_ERROR = "AttributeError"


def attempts_in(tree: ast.AST) -> Iterator[range]:
    """Yield the lines in which an AttributeError is waited for by its name: of `try`, and of `suppress`."""
    for node in every_node(tree):
        if isinstance(node, ast.Try):
            is_meant = any(_names_it(handler.type) for handler in node.handlers)
        elif isinstance(node, ast.With | ast.AsyncWith):
            is_meant = _suppresses(node)
        else:
            continue
        if is_meant:
            yield _lines(node.body)


def _lines(body: list[ast.stmt]) -> range:
    return range(body[0].lineno, (body[-1].end_lineno or body[-1].lineno) + 1)


def _suppresses(node: ast.With | ast.AsyncWith) -> bool:
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(
        (dotted_name(call.func) or "").rpartition(".")[2] == "suppress" and any(map(_names_it, call.args))
        for call in calls
    )


def _names_it(node: ast.expr | None) -> bool:
    named = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(each, ast.Name) and each.id == _ERROR for each in named)
