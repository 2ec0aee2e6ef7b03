"""Callers: the syntax tree before, with the declared names replaced, equals the tree after."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from orchestra_codemods.names import absolute_name, names_of, parse
from orchestra_codemods.verify.problem import Problem, Trial


def other_trees(trial: Trial) -> Iterator[Problem]:
    """Yield the changes that declare which dotted names they replace, and change something else as well."""
    index = names_of(trial.before).index
    for change in trial.python:
        if not change.names or change.before is None or change.after is None:
            continue
        module = index.module(change.before.path)
        package = module.package if module else ""
        mapping = dict(change.names)
        before = parse(change.before.text)
        after = parse(change.after.text)
        chains = mapping if _imports_any(after, mapping) else {}
        if _normal(before, package, mapping, mapping) != _normal(after, package, mapping, chains):
            yield Problem(change, "more than the names of modules would change")


def _normal(tree: ast.Module, package: str, mapping: Mapping[str, str], chains: Mapping[str, str]) -> str:
    return ast.dump(_SortedImports().visit(_Renaming(package, mapping, chains).visit(tree)))


def _imports_any(tree: ast.Module, mapping: Mapping[str, str]) -> bool:
    """Tell whether an old module is still imported as a whole, so that chains may go on naming it."""
    plain = (node for node in ast.walk(tree) if isinstance(node, ast.Import))
    return any(alias.name in mapping and not alias.asname for node in plain for alias in node.names)


class _Renaming(ast.NodeTransformer):
    """Gives every import its absolute new name, one name a statement, and renames chains and strings."""

    def __init__(self, package: str, mapping: Mapping[str, str], chains: Mapping[str, str]) -> None:
        self.package = package
        self.mapping = mapping
        self.chains = chains

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        module = absolute_name(node.module, node.level, self.package) or "." * node.level + (
            node.module or ""
        )
        return [self._taken(self._renamed(module), alias) for alias in node.names]

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        return [ast.Import([ast.alias(self._renamed(alias.name), alias.asname)]) for alias in node.names]

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        text = _dotted(node)
        if text in self.chains:
            return ast.parse(self.chains[text], mode="eval").body
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if not isinstance(node.value, str):
            return node
        return ast.Constant(self._renamed(node.value), node.kind)

    def _taken(self, module: str, alias: ast.alias) -> ast.stmt:
        new = self.mapping.get(f"{module}.{alias.name}")
        if new is None:
            return ast.ImportFrom(module, [ast.alias(alias.name, alias.asname or alias.name)], 0)
        package, _, stem = new.rpartition(".")
        return ast.ImportFrom(package, [ast.alias(stem, alias.asname or alias.name)], 0)

    def _renamed(self, text: str) -> str:
        for old in sorted(self.mapping, key=len, reverse=True):
            if text == old or text.startswith((f"{old}.", f"{old}:")):
                return self.mapping[old] + text[len(old) :]
        return text


class _SortedImports(ast.NodeTransformer):
    """Sorts imports that follow one another: a statement that was split may stand in another order."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, _sorted(block))
        return node


def _sorted(block: list[ast.stmt]) -> list[ast.stmt]:
    result: list[ast.stmt] = []
    run: list[ast.stmt] = []
    for node in [*block, ast.Pass()]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            run.append(node)
        else:
            result += [*sorted(run, key=ast.dump), node]
            run = []
    return result[:-1]


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
