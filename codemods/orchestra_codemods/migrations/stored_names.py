"""Code that writes down where classes are defined: a class that moved would be written down differently."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.names import parse, python_files_with
from orchestra_codemods.project import Project

_CLASSES = {"cls", "klass", "class_"}


def reasons_of_stored_names(project: Project, path: str) -> Iterator[str]:
    """Yield that another file asks for the modules of classes, as what stores objects by name does.

    A class that reads its own module, or an exception's, is not meant.
    """
    for other in sorted(python_files_with(project, ["__module__"])):
        if other == path or is_test(other):
            continue
        tree = parse(project.sources[other].text)
        known = {"self", "cls"} | {
            node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name
        }
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        given = {id(node) for function in functions for node in ast.walk(function)}
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Attribute) and node.attr == "__module__"):
                continue
            asked = _instance_asked(node.value)
            is_instance = asked is not None and not (isinstance(asked, ast.Name) and asked.id in known)
            is_class = isinstance(node.value, ast.Name) and node.value.id in _CLASSES and id(node) in given
            if isinstance(node.ctx, ast.Load) and (is_instance or is_class):
                yield f"line {node.lineno} of {other} reads the module of a class that it is given"
                return


def _instance_asked(kind: ast.expr) -> ast.expr | None:
    """Return `x` of `type(x)` and of `x.__class__`."""
    if isinstance(kind, ast.Attribute) and kind.attr == "__class__":
        return kind.value
    if isinstance(kind, ast.Call) and isinstance(kind.func, ast.Name) and kind.func.id == "type":
        return kind.args[0] if len(kind.args) == 1 else None
    return None
