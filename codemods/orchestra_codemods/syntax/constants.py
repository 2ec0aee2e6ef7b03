"""Numbers behind names, where the file alone says what they are."""

from __future__ import annotations

import ast

from orchestra_codemods.syntax.file import FUNCTIONS, File
from orchestra_codemods.syntax.nodes import everything
from orchestra_codemods.syntax.tasks import methods, self_attribute


def number(file: File, node: ast.AST) -> float | None:
    """Return the number that an expression is: a literal, a product, a constant, a default of a parameter."""
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = number(file, left), number(file, right)
            return None if one is None or other is None else one * other
        case ast.Name(id=name):
            return _of_parameter(file, node, name) or _of_constant(file, file.tree.body, name)
        case ast.Attribute(attr=attribute) if self_attribute(node) is not None:
            return _of_attribute(file, node, attribute)
        case _:
            return None


def _of_constant(file: File, body: list[ast.stmt], name: str) -> float | None:
    values = [
        one.value
        for one in body
        if (
            isinstance(one, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in one.targets)
        )
        or (isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == name)
    ]
    return (
        number(file, values[0])
        if len(values) == 1 and values[0] is not None and not isinstance(values[0], ast.Name)
        else None
    )


def _of_parameter(file: File, node: ast.AST, name: str) -> float | None:
    function = next((one for one in file.ancestors(node) if isinstance(one, FUNCTIONS)), None)
    if function is None:
        return None
    arguments = function.args
    placed = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(
        zip(
            [one.arg for one in placed[len(placed) - len(arguments.defaults) :]],
            arguments.defaults,
            strict=True,
        )
    )
    named = {
        one.arg: value
        for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if value is not None
    }
    value = (defaults | named).get(name)
    return number(file, value) if isinstance(value, ast.Constant | ast.BinOp) else None


def _of_attribute(file: File, node: ast.AST, attribute: str) -> float | None:
    cls = file.class_of(node)
    if cls is None:
        return None
    assigned = [
        one.value
        for one in everything(cls)
        if isinstance(one, ast.Assign | ast.AnnAssign)
        and one.value is not None
        and any(
            self_attribute(target) == attribute
            for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        )
    ]
    if len(assigned) == 1 and "__init__" in methods(cls):
        return number(file, assigned[0]) if not isinstance(assigned[0], ast.Attribute) else None
    return _of_constant(file, cls.body, attribute) if not assigned else None
