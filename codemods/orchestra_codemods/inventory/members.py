"""The methods of a class as operations: colour, kind, parameters as written."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.inventory.definitions import Function
from orchestra_codemods.inventory.model import Operation, Parameter
from orchestra_codemods.names import children, dotted_name

_PROPERTIES = {"property", "cached_property", "functools.cached_property", "abc.abstractproperty"}


def methods(node: ast.ClassDef) -> Iterator[Function]:
    """Yield the functions of a class body, in order, duplicates included."""
    return (each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


def public_methods(node: ast.ClassDef) -> Iterator[Function]:
    """Yield the methods whose names have no leading underscore."""
    return (each for each in methods(node) if not each.name.startswith("_"))


def operations(node: ast.ClassDef) -> tuple[Operation, ...]:
    """Return the public methods and properties of a class."""
    return tuple(_operation(each) for each in public_methods(node) if not _is_accessor_of_property(each))


def constructor(node: ast.ClassDef) -> Function | None:
    """Return the `__init__` that counts: the last one."""
    return next((each for each in reversed(list(methods(node))) if each.name == "__init__"), None)


def parameters(function: Function | ast.Lambda) -> tuple[Parameter, ...]:
    """Return all parameters of a function, `self` included, as they are written."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    found = [
        _parameter(
            each,
            "positional_only" if number < len(arguments.posonlyargs) else "positional_or_keyword",
            default,
        )
        for number, (each, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    if arguments.vararg:
        found.append(_parameter(arguments.vararg, "var_positional", None))
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    found += [_parameter(each, "keyword_only", default) for each, default in pairs]
    if arguments.kwarg:
        found.append(_parameter(arguments.kwarg, "var_keyword", None))
    return tuple(found)


def decorator_names(node: Function | ast.ClassDef) -> tuple[str, ...]:
    """Return the dotted names of decorators, empty for one that has none."""
    return tuple(
        dotted_name(each.func if isinstance(each, ast.Call) else each) or "" for each in node.decorator_list
    )


def kind_of(function: Function) -> str:
    """Return method, static, class or property."""
    names = decorator_names(function)
    if "staticmethod" in names:
        return "static"
    if "classmethod" in names:
        return "class"
    return "property" if _PROPERTIES.intersection(names) else "method"


def is_marked_abstract(function: Function) -> bool:
    """Tell whether a method is left to heirs."""
    return any(name.rpartition(".")[2].startswith("abstract") for name in decorator_names(function))


def is_abstract(node: ast.ClassDef) -> bool:
    """Tell whether a class has abstract methods of its own."""
    return any(is_marked_abstract(each) for each in methods(node))


def has_behaviour(node: ast.ClassDef) -> bool:
    """Tell whether any concrete method does something."""
    return any(not _is_empty(each) for each in methods(node) if not is_marked_abstract(each))


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of functions, classes and lambdas inside it."""
    waiting = children(function)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += children(node)


def _operation(function: Function) -> Operation:
    kind = kind_of(function)
    every = parameters(function)
    return Operation(
        name=function.name,
        line=function.lineno,
        is_async=isinstance(function, ast.AsyncFunctionDef),
        kind=kind,
        is_generator=any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function)),
        parameters=every if kind == "static" else every[1:],
        returns=ast.unparse(function.returns) if function.returns else None,
        decorators=tuple(ast.unparse(each) for each in function.decorator_list),
    )


def _parameter(argument: ast.arg, kind: str, default: ast.expr | None) -> Parameter:
    annotation = ast.unparse(argument.annotation) if argument.annotation else None
    return Parameter(argument.arg, kind, annotation, ast.unparse(default) if default is not None else None)


def _is_accessor_of_property(function: Function) -> bool:
    return any(name.endswith((".setter", ".deleter", ".getter")) for name in decorator_names(function))


def _is_empty(function: Function) -> bool:
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        or (isinstance(each, ast.Raise) and "NotImplemented" in ast.unparse(each))
        for each in function.body
    )
