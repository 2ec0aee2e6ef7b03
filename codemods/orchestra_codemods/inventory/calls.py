"""What is wrong with a call already, so that it is reported and not rewritten."""

from __future__ import annotations

import ast
import inspect

from orchestra_codemods.inventory.definitions import Function
from orchestra_codemods.inventory.members import kind_of, own_nodes, parameters
from orchestra_codemods.inventory.model import Parameter
from orchestra_codemods.inventory.values import Evaluator, Key, Value

_AWAITABLE = ("Awaitable", "Coroutine", "Future", "Task", "Any", "object")


def problem_of_call(
    evaluator: Evaluator, key: Key, call: ast.Call, name: str, *, is_awaited: bool
) -> str | None:
    """Return what is broken about a call of a method, None where nothing is or it cannot be told."""
    found = evaluator.find_method(key, name)
    if found is None:
        return None if name == "__init__" else _problem_without_method(evaluator, key, name)
    function, _ = found
    if function.decorator_list and kind_of(function) == "method":
        return None  # a decorator may change everything about it
    if kind_of(function) == "property":
        return None
    if is_awaited and not _may_be_awaited(function):
        return "await on a synchronous method"
    return None if fits(function, call) else "wrong arity"


def _problem_without_method(evaluator: Evaluator, key: Key, name: str) -> str | None:
    known = evaluator.member(Value("instance", key), name)
    is_attribute = any(value.kind != "unknown" for value in known) or _is_assigned(evaluator, key, name)
    is_special = name.startswith("__") and name.endswith("__")
    return None if is_attribute or is_special or evaluator.is_open(key) else "no such method"


def _is_assigned(evaluator: Evaluator, key: Key, name: str) -> bool:
    view = evaluator.views.view(key[0])
    return view is not None and (key[1], name) in view.definitions.attributes


def _may_be_awaited(function: Function) -> bool:
    if isinstance(function, ast.AsyncFunctionDef):
        return True
    if function.returns is not None:
        return any(word in ast.unparse(function.returns) for word in _AWAITABLE)
    returned = [node.value for node in own_nodes(function) if isinstance(node, ast.Return) and node.value]
    return any(isinstance(value, ast.Call | ast.Name | ast.Attribute) for value in returned)


def fits(function: Function, call: ast.Call) -> bool:
    """Tell whether the arguments can be bound to the parameters; with `*` or `**` they may."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(
        each.arg is None for each in call.keywords
    ):
        return True
    every = parameters(function)
    bound = every if kind_of(function) == "static" else every[1:]
    try:
        _signature(bound).bind(*call.args, **{each.arg: each.value for each in call.keywords if each.arg})
    except (TypeError, ValueError):
        return False
    return True


def _signature(every: tuple[Parameter, ...]) -> inspect.Signature:
    kinds = inspect._ParameterKind  # noqa: SLF001  the public names are its members
    return inspect.Signature(
        [
            inspect.Parameter(
                each.name,
                kinds[each.kind.upper()],
                default=inspect.Parameter.empty if each.default is None else each.default,
            )
            for each in every
        ]
    )
