"""Where in a file an import is added, so that it works wherever the imports beside it do.

Where those are in order, it goes to its place among them afterwards (`style`); elsewhere it stays here.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence

from orchestra_codemods.names import Offsets, dotted_name, parse

_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def place_of_import(text: str, module: str) -> tuple[int, bool]:
    """Return the start of the line below the import most like one of a module, and whether there is none.

    Where none is like it, that is the last of the leading imports, or the line above the first for a module
    of Python; without imports it is the line after docstring and comments. A program that puts folders on
    `sys.path` finds the project's packages after that only: there the imports which follow count too.
    """
    offsets = Offsets(text)
    body = parse(text).body
    opened = _last_that_changes_the_path(body)
    last = -1
    imports: list[int] = []
    for position, node in enumerate(body):
        is_docstring = position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Import | ast.ImportFrom):
            last = position
            if position > opened:
                imports.append(position)
        elif is_docstring or position == opened:
            last = position
        elif position > opened and not isinstance(node, ast.If | ast.Try):
            break
    if last < 0:
        return _after_comments(text), True
    alike = max(imports, key=lambda position: (_likeness(body[position], module), position), default=-1)
    if alike >= 0 and _likeness(body[alike], module):
        last = alike
    elif alike >= 0 and module.partition(".")[0] in sys.stdlib_module_names:
        return offsets.offset(body[imports[0]].lineno, 0), False
    while last + 1 < len(body) and body[last + 1].lineno == body[last].end_lineno:
        last += 1
    has_import = any(isinstance(node, ast.Import | ast.ImportFrom) for node in body[: last + 1])
    return _next_line(text, offsets.place(body[last]).end), not has_import


def _likeness(node: ast.stmt, module: str) -> int:
    """Return how many parts of its name a module shares with an import; one where both are of Python."""
    assert isinstance(node, ast.Import | ast.ImportFrom)
    name = node.names[0].name if isinstance(node, ast.Import) else "." * node.level + (node.module or "")
    mine, other = module.split("."), name.split(".")
    shared = next((at for at, pair in enumerate(zip(mine, other, strict=False)) if pair[0] != pair[1]), None)
    if shared is None:
        shared = min(len(mine), len(other))
    return shared or int({mine[0], other[0]} <= sys.stdlib_module_names)


def _last_that_changes_the_path(body: Sequence[ast.stmt]) -> int:
    found = -1
    for position, node in enumerate(body):
        if isinstance(node, _Definition):
            break
        if any(
            isinstance(each, ast.Attribute) and dotted_name(each) == "sys.path" for each in ast.walk(node)
        ):
            found = position
    return found


def _after_comments(text: str) -> int:
    at = 0
    while text.startswith("#", at):
        at = _next_line(text, at)
    return at


def _next_line(text: str, start: int) -> int:
    at = start
    while at < len(text) and text[at] not in "\r\n":
        at += 1
    return at + (2 if text.startswith("\r\n", at) else 1 if at < len(text) else 0)
