"""What cannot be parsed is one finding, and whether a file that nobody else reads can be."""

from __future__ import annotations

import ast
import sys
from symtable import symtable

from orchestra_codemods.change import Span
from orchestra_codemods.lint.diagnostic import Diagnostic, fingerprint

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python's parser raises; ValueError for null bytes, the last two for very deep code."""
PARSE_RULE = ("ORC900", "unparsable-file")
UNREAD = 4_000_000
"""Bytes up to which the files that no rule is concerned with are parsed in every run: about 400 files, and a
third of a second (docs/decisions/0052-syntax-of-unread-files.md).
"""
ALL = sys.maxsize


def broken(path: str, data: bytes) -> tuple[Diagnostic, ...]:
    """Return what Python's parser says of a file that it cannot read.

    A symbol table is made without objects for the tree, at half the cost of `ast.parse`. It refuses more than
    a parser does, so what it refuses is parsed.
    """
    try:
        symtable(data, path, "exec")  # type: ignore[arg-type]  # bytes, as `compile` takes them
    except UNREADABLE:
        try:
            ast.parse(data, path)
        except UNREADABLE as error:
            return (unparsable(path, error, data),)
    return ()


def unparsable(path: str, error: BaseException, data: bytes = b"") -> Diagnostic:
    """Return the finding that a file cannot be parsed, where the parser stopped."""
    line = getattr(error, "lineno", None) or data.partition(b"\0")[0].count(b"\n") * (b"\0" in data) + 1
    column = max((getattr(error, "offset", None) or 1) - 1, 0)
    why = getattr(error, "msg", None) or str(error) or type(error).__name__
    message = f"this file cannot be parsed: {why}"
    return Diagnostic(
        path,
        Span(line, column, line, column + 1),
        *PARSE_RULE,
        message,
        fingerprint(PARSE_RULE[0], "", message),
    )
