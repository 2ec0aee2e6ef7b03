"""Mark the operations that a journal can hold."""

from __future__ import annotations

import ast

from orchestra_templates.errors import NotTogetherError


def mark_durable(code: str, class_name: str) -> str:
    """Return the code with each fitting operation of the class marked as durable.

    Fitting are async operations none of whose parameters is a callable: parameters are written to a journal,
    as JSON. Those that the template marked itself stay as they are. Raises NotTogetherError where none fits.
    """
    lines = code.splitlines(keepends=True)
    fitting = [
        mark
        for node in ast.parse(code).body
        if isinstance(node, ast.ClassDef) and node.name == class_name
        for function in node.body
        if isinstance(function, ast.AsyncFunctionDef) and not _takes_callable(function)
        for mark in function.decorator_list
        if function.name not in ("start", "stop") and (_is_bare(mark) or _is_durable(mark))
    ]
    if not fitting:
        raise NotTogetherError(
            "none of the operations can be durable: they are synchronous or take a function",
            hint="Name the operations with --operation.",
        )
    for mark in filter(_is_bare, fitting):
        line = lines[mark.lineno - 1]
        lines[mark.lineno - 1] = line.replace("@operation", "@operation(durable=True)", 1)
    return "".join(lines)


def _is_bare(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Name) and mark.id == "operation"


def _is_durable(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and any(keyword.arg == "durable" for keyword in mark.keywords)


def _takes_callable(function: ast.AsyncFunctionDef) -> bool:
    names = (node.id for node in ast.walk(function.args) if isinstance(node, ast.Name))
    return "Callable" in names
