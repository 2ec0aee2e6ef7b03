"""Callers: the syntax tree before, with the declared names replaced, equals the tree after."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from orchestra_codemods.change import FACADE, FacadeCall
from orchestra_codemods.names import absolute_name, names_of, parse_anew
from orchestra_codemods.verify.problem import Problem, Trial


def other_trees(trial: Trial) -> Iterator[Problem]:
    """Yield the changes that declare which dotted names they replace, and change something else as well."""
    index = names_of(trial.before).index
    for change in trial.python:
        if not (change.names or change.calls) or change.before is None or change.after is None:
            continue
        module = index.module(change.before.path)
        package = module.package if module else ""
        mapping = dict(change.names)
        before = _WithFacade(change.calls).visit(parse_anew(change.before.text))
        after = _WithoutImport(change.calls, change.unused).visit(parse_anew(change.after.text))
        if change.calls:
            before = _WithoutImport(change.calls, change.unused).visit(before)
        chains = mapping if _imports_any(after, mapping) else {}
        if _normal(before, package, mapping, mapping) != _normal(after, package, mapping, chains):
            yield Problem(change, "more than the names of modules and the declared calls would change")


def _normal(tree: ast.Module, package: str, mapping: Mapping[str, str], chains: Mapping[str, str]) -> str:
    return ast.dump(_SortedImports().visit(_Renaming(package, mapping, chains).visit(tree)))


def _imports_any(tree: ast.Module, mapping: Mapping[str, str]) -> bool:
    """Tell whether an old module is still imported as a whole, so that chains may go on naming it."""
    plain = (node for node in ast.walk(tree) if isinstance(node, ast.Import))
    return any(alias.name in mapping and not alias.asname for node in plain for alias in node.names)


class _WithFacade(ast.NodeTransformer):
    """Makes each declared call one of the facade, as it is written afterwards."""

    def __init__(self, calls: Iterable[FacadeCall]) -> None:
        self.calls = {(call.line, call.column): call for call in calls}

    def visit_Await(self, node: ast.Await) -> ast.expr:
        self.generic_visit(node)
        declared = self.calls.get((node.lineno, node.col_offset))
        call = node.value
        if declared is None or not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return node
        if call.func.attr != declared.operation:
            return node
        facade = ast.Call(ast.Name(declared.facade, ast.Load()), [], [])
        target = call.func.value if declared.name is None else ast.Constant(declared.name)
        own = [target, ast.Constant(declared.operation), ast.Constant(None)]
        method = ast.Attribute(facade, "call", ast.Load())
        return ast.Await(ast.Call(method, [*own, *call.args], call.keywords))


class _WithoutImport(ast.NodeTransformer):
    """Leaves out the imports of the function that returns the facade, and of what calls had instead."""

    def __init__(self, calls: Iterable[FacadeCall], unused: Iterable[str]) -> None:
        self.imported = {(call.module, call.facade) for call in calls}
        self.unused = frozenset(unused)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | None:
        node.names = [one for one in node.names if not self._is_left_out(node, one)]
        return node if node.names else None

    def _is_left_out(self, node: ast.ImportFrom, one: ast.alias) -> bool:
        local = one.asname or one.name
        is_ours = not node.level and one.name == FACADE and (node.module, local) in self.imported
        return is_ours or local in self.unused


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
