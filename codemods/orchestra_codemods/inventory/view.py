"""Files under examination: text, syntax tree and facts, of as many at once as there is room for."""

from __future__ import annotations

import ast
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property

from orchestra_codemods.inventory.definitions import Definitions, definitions
from orchestra_codemods.names import ModuleFacts, Names, Offsets, names_of
from orchestra_codemods.project import Project

_ROOM = 500_000
"""Characters of source whose trees are kept at once, with what is read from them: some 20 MB."""


@dataclass(eq=False)
class View:
    """One parsed file. ``scope_of`` gives the number of the scope that a class, function or lambda opens."""

    path: str
    text: str
    tree: ast.Module
    facts: ModuleFacts
    offsets: Offsets
    _scopes: dict[tuple[str, int], int] = field(default_factory=dict)

    def scope_of(self, node: ast.AST, default: int) -> int:
        """Return the scope that a node opens, or the one around it."""
        kind = _KINDS.get(type(node))
        if kind is None:
            return default
        start = self.offsets.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        return self._scopes.get((kind, start), default)

    @cached_property
    def definitions(self) -> Definitions:
        """What its names, attributes, functions and classes are made of."""
        return definitions(self)

    def __post_init__(self) -> None:
        for number, scope in enumerate(self.facts.scopes):
            self._scopes.setdefault((scope.kind, scope.place.start), number)


class Views:
    """The views of one project, each made when it is asked for.

    Those that were not asked for the longest go, so that a tree of any size takes the same memory: a view
    that comes back has the same facts, and other nodes.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.names: Names = names_of(project)
        self._kept: OrderedDict[str, View] = OrderedDict()
        self._size = 0

    def view(self, path: str) -> View | None:
        """Return the view of a file, or None where it cannot be read or parsed."""
        known = self._kept.get(path)
        if known is not None:
            self._kept.move_to_end(path)
            return known
        facts = self.names.facts(path)
        if facts is None:
            return None
        text = self.project.sources[path].text
        made = self._kept[path] = View(path, text, self.names.tree(path), facts, Offsets(text))
        self._size += len(text)
        while self._size > _ROOM and len(self._kept) > 1:
            self._size -= len(self._kept.popitem(last=False)[1].text)
        return made


_KINDS: dict[type[ast.AST], str] = {
    ast.ClassDef: "class",
    ast.FunctionDef: "function",
    ast.AsyncFunctionDef: "function",
    ast.Lambda: "lambda",
    ast.ListComp: "comprehension",
    ast.SetComp: "comprehension",
    ast.DictComp: "comprehension",
    ast.GeneratorExp: "comprehension",
}
