"""Where the names of a file come from, by its import statements alone."""

from __future__ import annotations

import ast


class Origins:
    """Local names to dotted origins. A relative import keeps its dots: ``..pkg.name``."""

    def __init__(self, tree: ast.Module) -> None:
        self.names: dict[str, str] = {}
        self.nodes: list[ast.Import | ast.ImportFrom] = []
        for node in _statements(tree):
            if isinstance(node, ast.Import):
                self.nodes.append(node)
                self._add_import(node)
            elif isinstance(node, ast.ImportFrom):
                self.nodes.append(node)
                self._add_import_from(node)

    def dotted(self, node: ast.AST) -> str | None:
        """Return the dotted name of a chain of attributes, its first name replaced by its origin."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        return ".".join((self.names.get(node.id, node.id), *reversed(parts)))

    def local(self, origin: str) -> str | None:
        """Return what the file calls a dotted name: a local name, or an attribute of an imported module."""
        for name, where in self.names.items():
            if where == origin:
                return name
        module, _, attribute = origin.rpartition(".")
        for name, where in self.names.items():
            if where == module:
                return f"{name}.{attribute}"
        return None

    def has(self, module: str) -> bool:
        """Tell whether a module, or something of it, is imported."""
        return any(where == module or where.startswith(f"{module}.") for where in self.names.values())

    def _add_import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.names[name] = alias.name if alias.asname else name

    def _add_import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            joint = "" if module.endswith(".") else "."
            self.names[alias.asname or alias.name] = f"{module}{joint}{alias.name}"


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def _statements(tree: ast.Module) -> list[ast.stmt]:
    """Return all statements of all blocks; expressions hold none."""
    found: list[ast.stmt] = []
    stack: list[ast.AST] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            found.append(node)
        for block in _BLOCKS:
            inner = getattr(node, block, None)
            if isinstance(inner, list):
                stack.extend(inner)
    found.sort(key=lambda statement: statement.lineno)
    return found
