"""Code that writes down where classes are defined: a class that moved would be written down differently."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache

from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.migrations.together import may_meet
from orchestra_codemods.names import every_node, parse, python_files_with
from orchestra_codemods.project import Project

_LOGS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"}
_CLASSES = {"cls", "klass", "class_"}


def reasons_of_stored_names(project: Project, path: str) -> Iterator[str]:
    """Yield that another file asks for the modules of classes, as what stores objects by name does.

    A class that reads its own module, or an exception's, is not meant, nor is what only people read. A file
    that no program has together with this one is not given its classes.
    """
    for other in sorted(python_files_with(project, ["__module__"])):
        line = None if other == path or is_test(other) else _asking_line(project.sources.text(other))
        if line is not None and may_meet(project, path, other):
            yield f"line {line} of {other} reads the module of a class that it is given"
            return


@lru_cache(maxsize=1_000)
def _asking_line(text: str) -> int | None:
    """Return the first line of a file that asks for the module of a class which it does not know."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    nodes = every_node(tree)
    known = {"self", "cls"} | {
        node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name
    }
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    given = {id(node) for function in functions for node in every_node(function)}
    whole = set(_named_in_full(nodes))
    for_people = set(_for_people(nodes))
    for node in nodes:
        if not (isinstance(node, ast.Attribute) and node.attr == "__module__") or id(node) in for_people:
            continue
        asked = _instance_asked(node.value)
        is_instance = asked is not None and not (isinstance(asked, ast.Name) and asked.id in known)
        is_class = isinstance(node.value, ast.Name) and node.value.id in _CLASSES and id(node) in given
        is_whole = isinstance(node.value, ast.Name) and node.value.id not in known and id(node) in whole
        if isinstance(node.ctx, ast.Load) and (is_instance or is_class or is_whole):
            return node.lineno
    return None


def _named_in_full(nodes: Sequence[ast.AST]) -> Iterator[int]:
    """Yield the reads of `x.__module__` that stand in one expression with the name of the same `x`."""
    for node in nodes:
        if isinstance(node, ast.JoinedStr | ast.BinOp | ast.Tuple | ast.Call):
            read = [each for each in every_node(node) if isinstance(each, ast.Attribute)]
            named = {ast.dump(each.value) for each in read if each.attr in ("__qualname__", "__name__")}
            yield from (
                id(each) for each in read if each.attr == "__module__" and ast.dump(each.value) in named
            )


def _for_people(nodes: Sequence[ast.AST]) -> Iterator[int]:
    """Yield what is part of an error, a log call or `__repr__`, or is compared with a module of Python."""
    for node in nodes:
        is_told = isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOGS
        )
        is_shown = isinstance(node, ast.FunctionDef) and node.name in ("__repr__", "__str__")
        if is_told or is_shown:
            yield from map(id, every_node(node))
        elif isinstance(node, ast.Compare) and all(map(_is_of_python, node.comparators)):
            yield id(node.left)


def _is_of_python(node: ast.expr) -> bool:
    """Tell whether this is the name of a module of the standard library, or several of them."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(map(_is_of_python, node.elts))
    return isinstance(node, ast.Constant) and str(node.value).partition(".")[0] in sys.stdlib_module_names


def _instance_asked(kind: ast.expr) -> ast.expr | None:
    """Return `x` of `type(x)` and of `x.__class__`."""
    if isinstance(kind, ast.Attribute) and kind.attr == "__class__":
        return kind.value
    if isinstance(kind, ast.Call) and isinstance(kind.func, ast.Name) and kind.func.id == "type":
        return kind.args[0] if len(kind.args) == 1 else None
    return None
