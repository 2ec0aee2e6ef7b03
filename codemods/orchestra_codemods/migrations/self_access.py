"""What the methods of a class do with attributes of their instance, other than to read and call them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.migrations.attempts import attempts_in
from orchestra_codemods.names import dotted_name

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SETTERS = {"setattr", "delattr", "object.__setattr__", "object.__delattr__"}
_QUESTIONS = {"hasattr", "getattr"}


def attributes(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """Yield what methods set on their first parameter, by assignment or `setattr` with a literal name."""
    own = _own_names(node)
    for each in _without_inner_classes(node):
        if isinstance(each, ast.Attribute) and not isinstance(each.ctx, ast.Load):
            if isinstance(each.value, ast.Name) and each.value.id in own:
                yield each.attr, each.lineno
        elif isinstance(each, ast.Call) and dotted_name(each.func) == "setattr" and len(each.args) == 3:
            name = _literal(each.args[1])
            if name is not None:
                yield name, each.lineno


def any_name(node: ast.ClassDef) -> int | None:
    """Return the first line which sets or deletes an attribute whose name only the running program knows."""
    own = _own_names(node)
    lines = (
        each.lineno
        for each in _without_inner_classes(node)
        if isinstance(each, ast.Call)
        and dotted_name(each.func) in _SETTERS
        and len(each.args) >= 2
        and dotted_name(each.args[0]) in own
        and _literal(each.args[1]) is None
    )
    return min(lines, default=None)


def asked_for(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """Yield the names that methods look for on their instance: by `hasattr`, `getattr` and a default, `try`.

    A name that the first statements of `__init__` set for certain is always there, before and after.
    """
    own = _own_names(node)
    certain = set(_set_for_certain(node))
    tried = list(attempts_in(node))
    for each in _without_inner_classes(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load):
            is_tried = any(each.lineno in lines for lines in tried)
            if is_tried and dotted_name(each.value) in own and each.attr not in certain:
                yield each.attr, each.lineno
        if (
            isinstance(each, ast.Call)
            and dotted_name(each.func) in _QUESTIONS
            and len(each.args) >= (3 if dotted_name(each.func) == "getattr" else 2)
            and dotted_name(each.args[0]) in own
        ):
            name = _literal(each.args[1])
            if name is not None and name not in certain:
                yield name, each.lineno


def whole_dict(node: ast.ClassDef) -> int | None:
    """Return the first line with `self.__dict__` or `vars(self)` that is not about a single name in it."""
    single = {
        id(each.value)
        for each in ast.walk(node)
        if isinstance(each, ast.Subscript)
        or (isinstance(each, ast.Attribute) and each.attr in ("get", "setdefault", "pop"))
    }
    for each in ast.walk(node):
        if not isinstance(each, ast.expr):
            continue
        is_dict = (
            isinstance(each, ast.Attribute) and each.attr == "__dict__" and isinstance(each.value, ast.Name)
        )
        is_vars = isinstance(each, ast.Call) and dotted_name(each.func) == "vars"
        if (is_dict or is_vars) and id(each) not in single:
            return each.lineno
    return None


def _own_names(node: ast.ClassDef) -> set[str]:
    methods = [each for each in node.body if isinstance(each, _Function)]
    return {
        parameters[0].arg for each in methods if (parameters := [*each.args.posonlyargs, *each.args.args])
    }


def _set_for_certain(node: ast.ClassDef) -> Iterator[str]:
    own = _own_names(node)
    for method in node.body:
        if isinstance(method, _Function) and method.name == "__init__":
            for statement in method.body:
                targets = (
                    statement.targets
                    if isinstance(statement, ast.Assign)
                    else [statement.target]
                    if isinstance(statement, ast.AnnAssign) and statement.value is not None
                    else []
                )
                yield from (
                    each.attr
                    for each in targets
                    if isinstance(each, ast.Attribute) and dotted_name(each.value) in own
                )


def _without_inner_classes(node: ast.ClassDef) -> Iterator[ast.AST]:
    """Yield what is in a class; the methods of a class in it have a `self` of their own."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(node))
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, ast.ClassDef):
            waiting += ast.iter_child_nodes(each)


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
