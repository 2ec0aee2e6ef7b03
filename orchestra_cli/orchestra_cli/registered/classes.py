"""What a class says of itself: layer, name, type and operations, in plain words."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PARAMETERS = ("layer", "name", "orchestration_type")


@dataclass(frozen=True, slots=True)
class OrchestratorClass:
    """A class that tells the framework who it is, as far as literals go."""

    node: ast.ClassDef
    name: str | None
    layer: str | None
    type: str | None


def orchestrator_classes(tree: ast.Module, types: Mapping[str, str]) -> Iterator[OrchestratorClass]:
    """Yield the orchestrators of a module. ``types`` is the value of each type by its member's name."""
    for node in ast.walk(tree):
        given = _given(node) if isinstance(node, ast.ClassDef) else None
        if isinstance(node, ast.ClassDef) and given is not None:
            yield OrchestratorClass(
                node,
                _text(given.get("name")),
                _member(given.get("layer"), {}),
                _member(given.get("orchestration_type"), types) or "sequential",
            )


def member_values(tree: ast.Module, enum: str) -> dict[str, str]:
    """Return the text values of an enum's members."""
    return {
        target.id: statement.value.value
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == enum
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def own_operations(node: ast.ClassDef) -> Iterator[str]:
    """Yield the operations that a class itself defines."""
    for method in node.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in method.decorator_list:
                if _is_operation(decorator):
                    yield _operation_name(decorator) or method.name


def _given(node: ast.ClassDef) -> dict[str, ast.expr] | None:
    """Return the arguments with which a class names itself, None where it does not."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _names_itself(call.func):
            given = dict(zip(_PARAMETERS, call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            if _member(given.get("layer"), {}) is not None:
                return given
    return None


def _names_itself(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super"))):
            return True
        case ast.Attribute(attr="__init__", value=ast.Name() | ast.Attribute()):
            return True
        case ast.Attribute(attr="identify", value=ast.Attribute(attr="runtime")):
            return True
        case _:
            return False


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _member(node: ast.expr | None, values: Mapping[str, str]) -> str | None:
    return values.get(node.attr, node.attr.lower()) if isinstance(node, ast.Attribute) else None


def _is_operation(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "operation"


def _operation_name(decorator: ast.expr) -> str | None:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return next((_text(keyword.value) for keyword in keywords if keyword.arg == "name"), None)
