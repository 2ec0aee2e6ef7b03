"""Where in a file an import is added, so that it works wherever the imports beside it do."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from orchestra_codemods.names import Offsets, dotted_name, parse

_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def after_imports(text: str) -> tuple[int, bool]:
    """Return the start of the line after the leading imports, and whether the import will be the first.

    Without imports it is the line after docstring and comments. A program that puts folders on `sys.path`
    finds the project's packages after that only: there the imports which follow count as leading too.
    """
    offsets = Offsets(text)
    body = parse(text).body
    opened = _last_that_changes_the_path(body)
    last = -1
    has_import = False
    for position, node in enumerate(body):
        is_docstring = position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Import | ast.ImportFrom):
            last, has_import = position, True
        elif is_docstring or position == opened:
            last = position
        elif position > opened and not isinstance(node, ast.If | ast.Try):
            break
    if last < 0:
        return _after_comments(text), True
    while last + 1 < len(body) and body[last + 1].lineno == body[last].end_lineno:
        last += 1
    return _next_line(text, offsets.place(body[last]).end), not has_import


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
