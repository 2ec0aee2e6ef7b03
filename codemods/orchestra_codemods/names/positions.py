"""Where nodes stand in the text: `ast` counts UTF-8 bytes in a line, edits count characters."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from orchestra_codemods.change import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of a text: character offsets (end exclusive), the line from 1 and the column from 0."""

    start: int
    end: int
    line: int
    column: int


class Offsets:
    """Maps lines and UTF-8 columns of a parsed text to character offsets in it.

    Lines end as they do for the parser, at ``\\n``, ``\\r\\n`` and ``\\r`` alone: a form feed or another
    separator that `str.splitlines` knows is a character of its line.
    """

    __slots__ = ("_ascii", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def offset(self, line: int, utf8_column: int) -> int:
        """Return the character offset of a position as `ast` gives it."""
        start = self._starts[min(line, len(self._starts)) - 1]
        if self._ascii or utf8_column == 0:
            return start + utf8_column
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        head = self.text[start:end]
        return start + utf8_column if head.isascii() else start + _characters(head, utf8_column)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line (from 1) and the column in characters (from 0) of a character offset."""
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= offset else (low, middle)
        return low + 1, offset - self._starts[low]

    def place(self, node: ast.expr | ast.stmt | ast.alias | ast.arg | ast.excepthandler) -> Place:
        """Return where a node stands."""
        start = self.offset(node.lineno, node.col_offset)
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return Place(start, end, node.lineno, start - self._starts[node.lineno - 1])

    def between(self, start: int, end: int) -> Place:
        """Return the place of the characters ``[start, end)``."""
        line, column = self.position(start)
        return Place(start, end, line, column)

    def span(self, place: Place) -> Span:
        """Return a place as the lines and columns that a person reads."""
        return Span(place.line, place.column, *self.position(place.end))


def _characters(line: str, utf8_column: int) -> int:
    return len(line.encode("utf-8", "surrogatepass")[:utf8_column].decode("utf-8", "surrogatepass"))
