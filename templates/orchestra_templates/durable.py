"""Mark the operations that a journal can hold."""

from __future__ import annotations

import ast

from orchestra_templates.errors import NotTogetherError


def mark_durable(code: str, class_name: str) -> str:
    """Return the code with each fitting operation of the class marked as durable.

    Fitting are async operations none of whose parameters is a callable: parameters are written to a journal,
    as JSON. Raises NotTogetherError where none fits.
    """
    lines = code.splitlines(keepends=True)
    marks = [
        mark
        for node in ast.parse(code).body
        if isinstance(node, ast.ClassDef) and node.name == class_name
        for function in node.body
        if isinstance(function, ast.AsyncFunctionDef) and not _takes_callable(function)
        for mark in function.decorator_list
        if isinstance(mark, ast.Name) and mark.id == "operation" and function.name not in ("start", "stop")
    ]
    if not marks:
        raise NotTogetherError(
            "none of the operations can be durable: they are synchronous or take a function",
            hint="Name the operations with --operation.",
        )
    for mark in marks:
        line = lines[mark.lineno - 1]
        lines[mark.lineno - 1] = line.replace("@operation", "@operation(durable=True)", 1)
    return "".join(lines)


def _takes_callable(function: ast.AsyncFunctionDef) -> bool:
    names = (node.id for node in ast.walk(function.args) if isinstance(node, ast.Name))
    return "Callable" in names
