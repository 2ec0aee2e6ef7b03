"""One parsed file, and the questions that all rules share; each answer is worked out once, when asked."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cached_property

from orchestra_codemods.change import Edit, Span
from orchestra_codemods.config import Config
from orchestra_codemods.source import Source
from orchestra_codemods.syntax.nodes import children
from orchestra_codemods.syntax.origins import Origins

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module
_LINE_ENDING = re.compile(r"\r\n|\r|\n")
_TEST = re.compile(r"/(tests?|testing|conftest)(/|\.py$)|/(test_[^/]*|[^/]*_test)\.py$")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


class File:
    """A source with its syntax tree. Positions of nodes are UTF-8 columns; spans and edits count
    characters.
    """

    def __init__(self, source: Source, config: Config) -> None:
        """Parse; raises SyntaxError and ValueError as `ast.parse` does, RecursionError for very deep code."""
        self.source = source
        self.config = config
        self.path = source.path
        self.text = source.text
        self.tree = ast.parse(source.text, source.path)

    @property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Child to parent, for every node."""
        return self._walked[0]

    @property
    def nodes(self) -> list[ast.AST]:
        """Every node."""
        return self._walked[1]

    @cached_property
    def _walked(self) -> tuple[dict[ast.AST, ast.AST], list[ast.AST]]:
        parents: dict[ast.AST, ast.AST] = {}
        nodes: list[ast.AST] = [self.tree]
        for node in nodes:
            inside = children(node)
            for child in inside:
                parents[child] = node
            nodes += inside
        return parents, nodes

    @cached_property
    def origins(self) -> Origins:
        """Where the file's imported names come from."""
        return Origins(self.tree)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, the nearest first."""
        parents = self.parents
        above = parents.get(node)
        while above is not None:
            yield above
            above = parents.get(above)

    def function_of(self, node: ast.AST) -> Function | ast.Lambda | None:
        """Return the nearest function around a node; a class body in between counts as none."""
        for above in self.ancestors(node):
            if isinstance(above, (*FUNCTIONS, ast.Lambda)):
                return above
            if isinstance(above, ast.ClassDef):
                return None
        return None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class whose method contains the node, through functions nested in the method."""
        return next((above for above in self.ancestors(node) if isinstance(above, ast.ClassDef)), None)

    def is_method(self, function: ast.AST) -> bool:
        """Tell whether a function stands directly in a class body."""
        return isinstance(self.parents.get(function), ast.ClassDef)

    def symbol(self, node: ast.AST) -> str:
        """Return the dotted path of functions and classes around (and including) a node."""
        around = [node, *self.ancestors(node)]
        names = [one.name for one in around if isinstance(one, (*FUNCTIONS, ast.ClassDef))]
        return ".".join(reversed(names))

    def dotted(self, node: ast.AST) -> str | None:
        """Return the dotted name of an expression with imported names spelled out, or None."""
        return self.origins.dotted(node)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(ending.end() for ending in _LINE_ENDING.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a line (from 1) and a UTF-8 column."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        text = self.text[start:end]
        return start + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))

    def start(self, node: ast.AST) -> int:
        """Return the character offset of the first character of a node."""
        return self.offset(_line(node), _column(node))

    def end(self, node: ast.AST) -> int:
        """Return the character offset after the last character of a node."""
        return self.offset(_end_line(node), _end_column(node))

    def text_of(self, node: ast.AST) -> str:
        """Return a node as it is written."""
        return self.text[self.start(node) : self.end(node)]

    def span(self, node: ast.AST) -> Span:
        """Return where a node stands, in characters."""
        if not hasattr(node, "lineno"):
            return Span(1, 0, 1, 0)
        start, end = self.start(node), self.end(node)
        first, last = _line(node), _end_line(node)
        return Span(first, start - self._line_starts[first - 1], last, end - self._line_starts[last - 1])

    def replace(self, node: ast.AST, text: str) -> Edit:
        """Return the edit that writes something else in place of a node."""
        return Edit(self.start(node), self.end(node), text)

    def insert(self, offset: int, text: str) -> Edit:
        """Return the edit that adds text at an offset."""
        return Edit(offset, offset, text)

    def line_start(self, node: ast.AST) -> int:
        """Return the offset of the beginning of the node's first line."""
        return self._line_starts[_line(node) - 1]

    def line_end(self, node: ast.AST) -> int:
        """Return the offset after the line ending of the node's last line."""
        last = _end_line(node)
        return self._line_starts[last] if last < len(self._line_starts) else len(self.text)

    def indent(self, node: ast.AST) -> str | None:
        """Return the white space before a node, or None where something else stands on its line."""
        before = self.text[self.line_start(node) : self.start(node)]
        return before if not before.strip() else None

    def is_alone(self, statement: ast.stmt) -> bool:
        """Tell whether a statement has its lines to itself, trailing comments apart."""
        after = self.text[self.end(statement) : self.line_end(statement)].strip()
        return self.indent(statement) is not None and (not after or after.startswith("#"))

    @cached_property
    def is_test(self) -> bool:
        """Tell whether the path says that this is a test, or something that tests use."""
        return looks_like_test(self.path)

    @cached_property
    def comments(self) -> tuple[tuple[int, int, str], ...]:
        """Line, column and text of each comment, as the tokenizer sees them (a string is none)."""
        if "#" not in self.text:
            return ()
        found: list[tuple[int, int, str]] = []
        with contextlib.suppress(tokenize.TokenError, SyntaxError):
            found.extend(
                (*token.start, token.string)
                for token in tokenize.generate_tokens(io.StringIO(self.text).readline)
                if token.type == tokenize.COMMENT
            )
        return tuple(found)


def looks_like_test(path: str) -> bool:
    """Tell whether a path says that this is a test, or something that tests use."""
    return "test" in path and _TEST.search(f"/{path}") is not None


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 1))


def _column(node: ast.AST) -> int:
    return int(getattr(node, "col_offset", 0))


def _end_line(node: ast.AST) -> int:
    return int(getattr(node, "end_lineno", None) or 1)


def _end_column(node: ast.AST) -> int:
    return int(getattr(node, "end_col_offset", None) or 0)
