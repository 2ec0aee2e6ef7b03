"""Files that put another module in the place of one, for whoever imports it by its name afterwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from orchestra_codemods.names import dotted_name, every_node, parse, python_files_with_all
from orchestra_codemods.project import Project

_LOADED = "sys.modules"


def why_stood_in(project: Project, module: str) -> Iterator[str]:
    """Yield where `sys.modules` gets something else by a module's name: who imports a new name misses it."""
    for path in python_files_with_all(project, [module.rpartition(".")[2], "modules"]):
        for name, line in _stood_in(project.sources.text(path)):
            if name == module:
                yield f"line {line} of {path} puts another module in its place in {_LOADED}"


@lru_cache(maxsize=1_000)
def _stood_in(text: str) -> tuple[tuple[str, int], ...]:
    """Return the modules that a file puts something in the place of, with the lines where it does."""
    try:
        nodes = every_node(parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        (key.value, getattr(node, "lineno", 1))
        for node in nodes
        for key in dict.fromkeys(_keys(node))
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    )


def _keys(node: ast.AST) -> Iterator[ast.expr | None]:
    """Yield what names an entry of `sys.modules` that a node sets."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        if dotted_name(node.value) == _LOADED:
            yield node.slice
    elif isinstance(node, ast.Call) and len(node.args) > 1 and _is_loaded(node.args[0]):
        word = (dotted_name(node.func) or "").rpartition(".")[2]
        if word == "setitem":
            yield node.args[1]
        elif word == "dict" and isinstance(node.args[1], ast.Dict):
            yield from node.args[1].keys


def _is_loaded(node: ast.expr) -> bool:
    return dotted_name(node) == _LOADED or (isinstance(node, ast.Constant) and node.value == _LOADED)
