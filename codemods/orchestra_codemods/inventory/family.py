"""What a class has from those that it inherits, as far as they are in the project."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.inventory.candidates import Candidate, base_chain
from orchestra_codemods.inventory.members import is_marked_abstract, methods, parameters
from orchestra_codemods.inventory.view import Views
from orchestra_codemods.names import Definition, Resolution


def class_node(views: Views, base: Resolution) -> ast.ClassDef | None:
    """Return a base as it is written, where that is at the top level of a file of the project."""
    if not isinstance(base, Definition) or not base.name or "." in base.name:
        return None
    view = views.view(base.path)
    statements = view.tree.body if view else []
    return next(
        (each for each in statements if isinstance(each, ast.ClassDef) and each.name == base.name), None
    )


def required_arguments(views: Views, candidate: Candidate) -> tuple[str, ...]:
    """Return the parameters which every construction must give: those of the nearest `__init__`.

    A class whose `__new__` stands nearer takes its instance from there.
    """
    for node in _family(views, candidate):
        found = {each.name: each for each in methods(node)}
        function = found.get("__init__", found.get("__new__"))
        if function is not None:
            return tuple(each.name for each in parameters(function)[1:] if each.is_required)
    return ()


def left_abstract(views: Views, candidate: Candidate) -> str | None:
    """Return the first method that a base leaves to its heirs, and that nobody nearer defines."""
    defined: set[str] = set()
    for node in _family(views, candidate):
        for each in methods(node):
            if is_marked_abstract(each) and each.name not in defined:
                return each.name
        defined |= set(_names(node))
    return None


def _family(views: Views, candidate: Candidate) -> Iterator[ast.ClassDef]:
    """Yield a class and those that it inherits, nearest first."""
    yield candidate.node
    for base in base_chain(views, candidate):
        node = class_node(views, base)
        if node is not None:
            yield node


def _names(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield each.name
        elif isinstance(each, ast.Assign | ast.AnnAssign) and getattr(each, "value", None) is not None:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
