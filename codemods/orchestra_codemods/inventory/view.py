"""A file under examination: text, syntax tree and facts, kept only while one inventory is taken."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from orchestra_codemods.names import ModuleFacts, Names, Offsets, names_of
from orchestra_codemods.project import Project

Function = ast.FunctionDef | ast.AsyncFunctionDef


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

    def __post_init__(self) -> None:
        for number, scope in enumerate(self.facts.scopes):
            self._scopes.setdefault((scope.kind, scope.place.start), number)


class Views:
    """The views of one project, each made when it is first asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.names: Names = names_of(project)
        self._views: dict[str, View | None] = {}

    def view(self, path: str) -> View | None:
        """Return the view of a file, or None where it cannot be read or parsed."""
        if path not in self._views:
            facts = self.names.facts(path)
            if facts is None:
                self._views[path] = None
            else:
                text = self.project.sources[path].text
                self._views[path] = View(path, text, self.names.tree(path), facts, Offsets(text))
        return self._views[path]


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
