"""The functions and variables through which a program gets at an orchestrator."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_codemods.inventory.definitions import Body, Function
from orchestra_codemods.inventory.members import decorator_names, methods, parameters
from orchestra_codemods.inventory.model import Accessor
from orchestra_codemods.inventory.values import Evaluator, Key, Values, awaited, instances
from orchestra_codemods.inventory.view import View

_CACHES = {"lru_cache", "cache", "singleton", "alru_cache", "cached"}


@dataclass(frozen=True, slots=True)
class Access:
    """An accessor with the class that it leads to and its own qualified name in its file."""

    target: Key
    accessor: Accessor


def accessors(evaluator: Evaluator, view: View, targets: frozenset[Key]) -> list[Access]:
    """Return the accessors of the targets which stand in a file, in the order of the text."""
    variables = dict(_variables(evaluator, view, targets))
    functions = view.definitions.functions
    found: list[Access] = []
    for statement in _top_level(view.tree):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            body = next(each for each in functions[statement.name] if each.node is statement)
            found += _function(evaluator, view, body, variables, targets)
        elif isinstance(statement, ast.ClassDef):
            found += _class(view, statement, targets)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            found += _instance(evaluator, view, statement, targets)
    return found


def _variables(evaluator: Evaluator, view: View, targets: frozenset[Key]) -> Iterator[tuple[str, list[Key]]]:
    """Yield the module variables that can hold a target's instance."""
    for scope, name in view.definitions.variables:
        if scope == 0:
            keys = [value.key for value in instances(evaluator.name(view, name, 0)) if value.key in targets]
            if keys:
                yield name, keys


def _function(
    evaluator: Evaluator, view: View, body: Body, variables: dict[str, list[Key]], targets: frozenset[Key]
) -> Iterator[Access]:
    node = body.node
    assigned = {name: value for name, value in _assigned_globals(body) if name in variables}
    returned = [value for value in instances(_result(evaluator, view, body)) if value.key in targets]
    for value in returned:
        kind = _returning_kind(body, variables, assigned, is_shared=value.is_shared)
        yield Access(value.key, _accessor(view, node, kind, _held(variables, value.key)))
    if returned:
        return
    for name, assigned_value in assigned.items():
        for key in variables[name]:
            way = _assigning_kind(node, assigned_value)
            if way is not None:
                yield Access(key, _accessor(view, node, way, name))


def _result(evaluator: Evaluator, view: View, body: Body) -> Values:
    if not body.results and body.node.returns is None:
        return frozenset()
    values = evaluator.returned((view.path, body.node.name))
    return frozenset(each for value in values for each in awaited(value))


def _returning_kind(
    body: Body, variables: dict[str, list[Key]], assigned: dict[str, ast.expr], *, is_shared: bool
) -> str:
    if _CACHES.intersection(name.rpartition(".")[2] for name in decorator_names(body.node)):
        return "cache"
    if not body.reads & variables.keys():
        if not is_shared:
            return "factory"
        return "get" if body.node.name.startswith("get_") else "delegate"
    return "initialize" if assigned and not body.has_test else "get"


def _assigning_kind(node: Function, value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant) and value.value is None:
        return "reset"
    given = {each.name for each in parameters(node)}
    if isinstance(value, ast.Name) and value.id in given:
        return "set"
    return "initialize" if isinstance(value, ast.Call) else None


def _class(view: View, node: ast.ClassDef, targets: frozenset[Key]) -> Iterator[Access]:
    key = (view.path, node.name)
    if key not in targets:
        return
    for function in methods(node):
        if function.name == "__new__":
            yield Access(key, _accessor(view, function, "new-singleton", None))
    bodies = view.definitions.functions.get(f"{node.name}.__init__", [])
    for body in bodies[-1:]:
        receiver = next((each.name for each in parameters(body.node)), "self")
        for name, value in _assigned_globals(body):
            if isinstance(value, ast.Name) and value.id == receiver:
                yield Access(key, Accessor("__init__", "init-global", body.node.lineno, view.path, name))


def _instance(
    evaluator: Evaluator, view: View, node: ast.Assign | ast.AnnAssign, targets: frozenset[Key]
) -> Iterator[Access]:
    if node.value is None:
        return
    values = [value.key for value in instances(evaluator.of(view, node.value, 0)) if value.key in targets]
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        for key in values:
            if isinstance(target, ast.Name):
                yield Access(key, Accessor(target.id, "instance", node.lineno, view.path, target.id))


def _assigned_globals(body: Body) -> list[tuple[str, ast.expr]]:
    return [(name, value) for name, value in body.assigned if name in body.global_names]


def _accessor(view: View, node: Function, kind: str, variable: str | None) -> Accessor:
    return Accessor(node.name, kind, node.lineno, view.path, variable, isinstance(node, ast.AsyncFunctionDef))


def _held(variables: dict[str, list[Key]], key: Key) -> str | None:
    return next((name for name, keys in variables.items() if key in keys), None)


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    waiting = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for field in ("body", "orelse", "finalbody"):
                waiting += reversed(getattr(node, field, []))
