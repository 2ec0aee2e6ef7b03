"""How the module of an orchestrator says that its instance is had."""

from __future__ import annotations

import ast
from typing import NamedTuple

from orchestra_codemods.syntax.nodes import everything

_ACCESSOR = "get_orchestrator"


class Construction(NamedTuple):
    """The name to import from the module, and the expression that returns the instance."""

    imported: str
    expression: str


def construction(text: str, name: str) -> Construction | None:
    """Return how the instance of the process is had, or None where only a person can tell.

    That is the accessor which the templates write, or the class itself where nothing else in its module
    builds it: whatever builds it there may be the one place that does.
    """
    cls = constructible(text, name)
    if cls is None:
        return None
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == _ACCESSOR and _is_ours(node, name):
            return Construction(_ACCESSOR, f"{_ACCESSOR}(auto_create=True)")
        if node.lineno != cls.lineno and any(
            isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == name
            for one in everything(node)
        ):
            return None
    return Construction(name, f"{name}()")


def constructible(text: str, name: str) -> ast.ClassDef | None:
    """Return a class at the top level which is bound once and whose own constructor needs no argument."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    found = [one for one in body if isinstance(one, ast.ClassDef) and one.name == name]
    if len(found) != 1 or found[0].decorator_list or found[0].keywords:
        return None
    members = {one.name: one for one in found[0].body if isinstance(one, ast.FunctionDef)}
    constructor = members.get("__init__")
    if constructor is None or "__new__" in members or _required(constructor.args):
        return None
    return found[0]


def _required(arguments: ast.arguments) -> bool:
    plain = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return plain > 1 or any(default is None for default in arguments.kw_defaults)


def _is_ours(function: ast.FunctionDef, name: str) -> bool:
    arguments = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]
    builds = any(isinstance(one, ast.Name) and one.id == name for one in everything(function))
    return arguments == ["auto_create"] and builds
