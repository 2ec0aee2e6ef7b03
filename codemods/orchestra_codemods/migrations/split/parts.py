"""The statements at the top level of a module, as pieces of its text that can be copied or taken out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from orchestra_codemods.names import Globals, Offsets, dotted_name, globals_of, parse

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOGGERS = {"getLogger", "get_logger"}


class Kind(Enum):
    """What may become of a statement whose names a class needs that is taken out."""

    FUTURE = auto()
    """`from __future__ import …`, which both files have."""
    IMPORT = auto()
    """An import: it is repeated, with the names that are needed."""
    GUARDED = auto()
    """A `try` or `if` of imports: it is repeated whole."""
    LOGGER = auto()
    """A logger, which is the same object wherever it is asked for by its name."""
    DEFINITION = auto()
    """A class, function or assignment to names: it goes along, and is imported back."""
    OTHER = auto()
    """Anything else: it stays, and what it binds cannot be had elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A statement with the comments directly above it: the characters ``[start, end)``, whole lines.

    ``names`` are bound by the statement itself, ``rebinds`` by a function in it which says `global`.
    ``is_alone`` says that no other statement shares a line with it.
    """

    node: ast.stmt
    kind: Kind
    start: int
    end: int
    names: frozenset[str]
    rebinds: frozenset[str]
    is_alone: bool

    @property
    def line(self) -> int:
        """The line of the statement itself."""
        return self.node.lineno


def parts_of(text: str, path: str) -> tuple[Part, ...]:
    """Return every statement at the top level of a text that parses, in order."""
    offsets = Offsets(text)
    body = parse(text).body
    lines = [(_first_line(node), node.end_lineno or node.lineno) for node in body]
    found = []
    for number, node in enumerate(body):
        first, last = lines[number]
        start = _above_comments(text, offsets.offset(first, 0))
        end = offsets.offset(last + 1, 0) if last < text.count("\n") + 1 else len(text)
        own = globals_of(text[start:end], path) or Globals(*(frozenset[str](),) * 3)
        is_alone = (number == 0 or lines[number - 1][1] < first) and (
            number + 1 == len(body) or lines[number + 1][0] > last
        )
        names = own.bound - own.rebound
        found.append(Part(node, _kind(node), start, end, names, own.rebound, is_alone))
    return tuple(found)


def blanked(text: str, parts: Iterator[Part] | tuple[Part, ...]) -> str:
    """Return a text with nothing but these parts, every line where it was."""
    wanted = sorted((part.start, part.end) for part in parts)
    pieces: list[str] = []
    position = 0
    for start, end in [*wanted, (len(text), len(text))]:
        pieces.append("\n" * text.count("\n", position, start))
        pieces.append(text[start:end])
        position = end
    return "".join(pieces)


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return decorators[0].lineno if decorators else node.lineno


def _above_comments(text: str, start: int) -> int:
    while start > 0:
        line = text.rfind("\n", 0, start - 1) + 1
        if not text[line:start].startswith("#"):
            break
        start = line
    return start


def _kind(node: ast.stmt) -> Kind:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return Kind.FUTURE
    if isinstance(node, ast.Import | ast.ImportFrom):
        return Kind.IMPORT
    if isinstance(node, _DEFINITIONS):
        return Kind.DEFINITION
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if node.value is None or not all(isinstance(each, ast.Name) for each in targets):
            return Kind.OTHER
        return Kind.LOGGER if _is_logger(node.value) else Kind.DEFINITION
    return Kind.GUARDED if isinstance(node, ast.If | ast.Try) and _only_imports(node) else Kind.OTHER


def _is_logger(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and (dotted_name(value.func) or "").rpartition(".")[2] in _LOGGERS
        and all(isinstance(each, ast.Constant | ast.Name) for each in value.args)
    )


def _only_imports(node: ast.stmt) -> bool:
    """Tell whether running a statement twice does no more than running it once."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If):
        return all(_only_imports(each) for each in (*node.body, *node.orelse))
    if isinstance(node, ast.Try):
        handled = [each for handler in node.handlers for each in handler.body]
        return all(_only_imports(each) for each in (*node.body, *handled, *node.orelse, *node.finalbody))
    return False
