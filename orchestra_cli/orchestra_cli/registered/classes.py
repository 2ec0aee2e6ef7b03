"""What a class says of itself: layer, name, type and operations, in plain words."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PARAMETERS = ("layer", "name", "orchestration_type")


@dataclass(frozen=True, slots=True)
class OrchestratorClass:
    """A class that calls `super().__init__(layer=…, name=…)`, as far as literals go."""

    class_name: str
    name: str | None
    layer: str | None
    type: str | None
    operations: tuple[str, ...]


def orchestrator_classes(tree: ast.Module, types: Mapping[str, str]) -> Iterator[OrchestratorClass]:
    """Yield the orchestrators of a module. ``types`` is the value of each type by its member's name."""
    classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in classes.values():
        given = _given(node)
        if given is not None:
            yield OrchestratorClass(
                node.name,
                _text(given.get("name")),
                _member(given.get("layer"), {}),
                _member(given.get("orchestration_type"), types) or "sequential",
                tuple(sorted(set(_operations(node, classes)))),
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


def _given(node: ast.ClassDef) -> dict[str, ast.expr] | None:
    """Return the arguments of the call of the base class's constructor, None where there is no such call."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and _is_base_constructor(call.func):
            given = dict(zip(_PARAMETERS, call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            if "layer" in given:
                return given
    return None


def _is_base_constructor(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super"))):
            return True
        case _:
            return False


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _member(node: ast.expr | None, values: Mapping[str, str]) -> str | None:
    return values.get(node.attr, node.attr.lower()) if isinstance(node, ast.Attribute) else None


def _operations(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef], depth: int = 0) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes and depth < 10:
            yield from _operations(classes[base.id], classes, depth + 1)
    for method in node.body:
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in method.decorator_list:
                if _is_operation(decorator):
                    yield _operation_name(decorator) or method.name


def _is_operation(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "operation"


def _operation_name(decorator: ast.expr) -> str | None:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return next((_text(keyword.value) for keyword in keywords if keyword.arg == "name"), None)
