"""Whether an accessor hands out one instance for the whole life of the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.names import every_node

Function = ast.FunctionDef | ast.AsyncFunctionDef
_CACHES = {"lru_cache", "cache"}


@dataclass(frozen=True, slots=True)
class Handed:
    """What a function hands out: always an instance of the class itself.

    ``variable`` holds it; a cache has none. ``why_not`` says why it may be another one the next time.
    """

    variable: str | None
    why_not: str = ""


def handed_out(tree: ast.Module, function: ast.FunctionDef, class_name: str) -> Handed | str:
    """Return what a function of the class's module hands out, or why that cannot be told."""
    if _has_own_new(tree, class_name):
        return f"{class_name}.__new__ decides what a construction gives"
    if function.decorator_list:
        return _cached(function, class_name)
    returned = {
        node.value.id if isinstance(node.value, ast.Name) else ""
        for node in every_node(function)
        if isinstance(node, ast.Return)
    }
    if len(returned) != 1 or "" in returned:
        return f"{function.name} does not hand out one variable"
    (variable,) = returned
    if not _fills(function, variable, class_name):
        return f"{function.name} may hand out something else"
    return of_variable(tree, variable, class_name, function)


def of_variable(
    tree: ast.Module, variable: str, class_name: str, function: ast.FunctionDef | None = None
) -> Handed | str:
    """Return what a module variable holds; ``function`` fills it when it is first asked for."""
    others: list[str] = []
    for owner, store in _stores(tree, variable):
        value = store[1]
        if owner is None and (function is None or _is_none(value)):
            if function is None and not _is_new(value, class_name):
                return f"{variable} is no new {class_name}"
            others += ["it is assigned twice"] if store[2] else []
            continue
        if owner is function:
            continue
        is_itself = owner is not None and owner.name == "__init__" and _is_name(value, _first(owner))
        if not (_is_none(value) or _is_new(value, class_name) or is_itself):
            return f"{owner.name if owner else 'the module'} may put anything into {variable}"
        others.append(f"{owner.name if owner else 'the module'} replaces it")
    return Handed(variable, others[0] if others else "")


def _has_own_new(tree: ast.Module, class_name: str) -> bool:
    """Tell whether the class, or one of its bases in this module, has a `__new__`."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    waiting, seen = [class_name], set[str]()
    while waiting:
        node = classes.get(waiting.pop())
        if node is None or node.name in seen:
            continue
        seen.add(node.name)
        if any(isinstance(each, Function) and each.name == "__new__" for each in node.body):
            return True
        waiting += [base.id for base in node.bases if isinstance(base, ast.Name)]
    return False


def _cached(function: ast.FunctionDef, class_name: str) -> Handed | str:
    names = {ast.unparse(each).partition("(")[0].rpartition(".")[2] for each in function.decorator_list}
    arguments = function.args
    has_parameters = bool(arguments.args or arguments.kwonlyargs or arguments.vararg or arguments.kwarg)
    body = [each for each in function.body if not _is_text(each)]
    is_plain = len(body) == 1 and isinstance(body[0], ast.Return) and _is_new(body[0].value, class_name)
    if names <= _CACHES and is_plain and not has_parameters:
        return Handed(None)
    return f"the decorator of {function.name} may hand out something else"


def _fills(function: ast.FunctionDef, variable: str, class_name: str) -> bool:
    """Tell whether a function does nothing but fill its variable where it is None, and return it."""
    defaults = _true_defaults(function)
    last = function.body[-1]
    if not (isinstance(last, ast.Return) and _is_name(last.value, variable)):
        return False
    is_global = any(isinstance(each, ast.Global) and variable in each.names for each in function.body)
    guards = [each for each in function.body[:-1] if not isinstance(each, ast.Global) and not _is_text(each)]
    if len(guards) != 1:
        return False
    return is_global and _guarded(guards[0], variable, class_name, defaults)


def _guarded(node: ast.stmt, variable: str, class_name: str, defaults: Mapping[str, bool]) -> bool:
    if isinstance(node, ast.With):
        return len(node.body) == 1 and _guarded(node.body[0], variable, class_name, defaults)
    if not isinstance(node, ast.If) or node.orelse or not _asks(node.test, variable, defaults):
        return False
    inside = [each for each in every_node(node) if isinstance(each, ast.Assign | ast.AnnAssign)]
    of_it = [each for each in inside if _is_name(_target(each), variable)]
    if not of_it or not all(_is_new(each.value, class_name) for each in of_it):
        return False
    first = node.body[0]
    if isinstance(first, ast.With | ast.If):
        return len(node.body) == 1 and _guarded(first, variable, class_name, defaults)
    return any(each in node.body for each in of_it)


def _asks(test: ast.expr, variable: str, defaults: Mapping[str, bool]) -> bool:
    """Tell whether a test is `V is None`, perhaps with `and auto_create` where that is true by default."""
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    first, *rest = parts
    is_first = (
        isinstance(first, ast.Compare)
        and _is_name(first.left, variable)
        and isinstance(first.ops[0], ast.Is)
        and _is_none(first.comparators[0])
    )
    return is_first and all(isinstance(each, ast.Name) and defaults.get(each.id) for each in rest)


def _true_defaults(function: ast.FunctionDef) -> dict[str, bool]:
    """Return the parameters, with whether `True` is what they are when nothing is given."""
    arguments = function.args
    plain = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    pairs = [*zip(plain, arguments.defaults, strict=True)]
    pairs += [
        (one, value) for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value
    ]
    return {one.arg: isinstance(value, ast.Constant) and value.value is True for one, value in pairs}


def _stores(
    tree: ast.Module, variable: str
) -> Iterator[tuple[Function | None, tuple[ast.AST, ast.expr | None, bool]]]:
    """Yield what binds a module variable: the function; the statement, its value, whether it is a repeat."""
    waiting: list[tuple[ast.AST, Function | None, bool]] = [(tree, None, True)]
    seen = 0
    while waiting:
        node, owner, is_global = waiting.pop()
        if isinstance(node, Function):
            named = any(isinstance(each, ast.Global) and variable in each.names for each in every_node(node))
            owner, is_global = node, named
        elif isinstance(node, ast.ClassDef) and owner is None:
            is_global = False
        if is_global and isinstance(node, ast.Name) and node.id == variable and _is_store(node):
            statement = _statement_of(tree, node)
            if owner is None:
                seen += 1
            yield owner, (statement, getattr(statement, "value", None), owner is None and seen > 1)
        waiting += [(child, owner, is_global) for child in ast.iter_child_nodes(node)]


def _statement_of(tree: ast.Module, name: ast.Name) -> ast.AST:
    """Return the plain assignment of which a name is the sole target, else the name itself."""
    for node in every_node(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _target(node) is name:
            return node
    return name


def _target(node: ast.Assign | ast.AnnAssign) -> ast.expr | None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return targets[0] if len(targets) == 1 else None


def _is_store(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_new(node: ast.expr | None, class_name: str) -> bool:
    return isinstance(node, ast.Call) and _is_name(node.func, class_name)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _first(function: Function) -> str:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else ""
