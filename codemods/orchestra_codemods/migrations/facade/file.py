"""One caller's file: its tree, with the way up from each node."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.names import Binding, ModuleFacts, Offsets, children, names_of, parse
from orchestra_codemods.project import Project

Function = ast.FunctionDef | ast.AsyncFunctionDef


class CallerFile:
    """A parsed file of a project, kept while its calls are judged."""

    def __init__(self, project: Project, path: str) -> None:
        facts = names_of(project).facts(path)
        assert facts is not None
        self.path = path
        self.text = project.sources[path].text
        self.facts: ModuleFacts = facts
        self.tree = parse(self.text)
        self.offsets = Offsets(self.text)
        self.parents: dict[ast.AST, ast.AST] = {}
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            below = children(node)
            self.parents.update((child, node) for child in below)
            waiting += below

    def call_at(self, line: int, column: int, method: str) -> tuple[ast.Await, ast.Call] | None:
        """Return the awaited call of a method whose receiver begins at a place."""
        for node in self.parents:
            if isinstance(node, ast.Await) and isinstance(node.value, ast.Call):
                function = node.value.func
                if isinstance(function, ast.Attribute) and function.attr == method:
                    place = self.offsets.place(function)
                    if (place.line, place.column) == (line, column):
                        return node, node.value
        return None

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what holds a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function_of(self, node: ast.AST) -> Function | None:
        """Return the innermost function around a node; None where a lambda is nearer, or none at all."""
        for each in self.around(node):
            if isinstance(each, ast.Lambda):
                return None
            if isinstance(each, Function):
                return each
        return None

    def class_of(self, function: ast.AST) -> ast.ClassDef | None:
        """Return the class in whose body a function stands."""
        parent = self.parents.get(function)
        return parent if isinstance(parent, ast.ClassDef) else None

    def scope_of(self, node: ast.expr) -> int:
        """Return the number of the scope in which an expression is evaluated."""
        return self.facts.scope_at(self.offsets.place(node).start)

    def bindings(self, name: str, scope: int) -> tuple[int, list[Binding]]:
        """Return the scope in which a name that is read in a scope is bound, and what binds it there."""
        is_innermost = True
        while True:
            found = [each for each in self.facts.bindings if each.scope == scope and each.name == name]
            if found and (self.facts.scopes[scope].kind != "class" or is_innermost):
                return scope, found
            if scope == 0:
                return 0, []
            is_innermost = False
            scope = self.facts.scopes[scope].parent

    def function_scope(self, scope: int) -> int:
        """Return a scope, or the one around it where it is a comprehension's."""
        while self.facts.scopes[scope].kind == "comprehension":
            scope = self.facts.scopes[scope].parent
        return scope
