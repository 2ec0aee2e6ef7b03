"""Files that change which module answers to a name, for whoever imports it by that name afterwards.

A test may put another module in the place of one in `sys.modules`, or drop one so that the next import makes
it anew. Whoever imports the module by a new name then misses that, so a module that may be meant stays.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from orchestra_codemods.names import dotted_name, every_node, parse, python_files_with, python_files_with_all
from orchestra_codemods.project import Project

_LOADED = "sys.modules"


@dataclass(frozen=True, slots=True)
class _Changing:
    """How a file changes `sys.modules`.

    ``line`` is where it first does, ``texts`` are its strings that stand for themselves, ``functions`` those
    of its functions which do it, so that a string elsewhere which is given to one of them counts as well.
    """

    line: int
    texts: frozenset[str]
    functions: frozenset[str]


def why_stood_in(project: Project, module: str) -> Iterator[str]:
    """Yield where the entry of a module in `sys.modules` is set, dropped or asked for, or may be."""
    functions: dict[str, str] = {}
    for path, found in _all_changing(project).items():
        if any(_means(text, module) for text in found.texts):
            yield f"line {found.line} of {path} puts another module in its place in {_LOADED}, or may"
        functions.update((name, path) for name in found.functions)
    written = re.compile(rf"""["']{re.escape(module)}["']""".encode())
    for path in python_files_with(project, [module.rpartition(".")[2]]) if functions else ():
        if project.sources.has(path, written):
            given = (each for text, each in _given(project.sources.text(path)) if text == module)
            name = next((each for each in given if each in functions), None)
            if name is not None:
                yield f"{path} gives its name to {name} of {functions[name]}, which changes {_LOADED}"


def _all_changing(project: Project) -> Mapping[str, _Changing]:
    """Return the files that change `sys.modules`; found out once for a project."""
    if project not in _known:
        found = _known[project] = {}
        for path in python_files_with_all(project, ["modules", "sys"]):
            changing = _changing(project.sources.text(path))
            if changing is not None:
                found[path] = changing
    return _known[project]


def _means(text: str, module: str) -> bool:
    """Tell whether a text is the name of a module, or how the names of all in one of its packages begin."""
    return text == module or (bool(text.rstrip(".")) and module.startswith(f"{text.rstrip('.')}."))


@lru_cache(maxsize=1_000)
def _changing(text: str) -> _Changing | None:
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    harmless = set(_read_by_name(tree))
    lines = [node.lineno for node in _mentions(tree) if id(node) not in harmless]
    if not lines:
        return None
    nodes = every_node(tree)
    texts = {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    functions = {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(node.lineno <= line <= (node.end_lineno or line) for line in lines)
    }
    return _Changing(min(lines), frozenset(texts), frozenset(functions))


def _mentions(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield `sys.modules` under each of its names, and its name as a text that is patched."""
    names = {_LOADED, *_aliases(tree)}
    for node in every_node(tree):
        is_it = isinstance(node, ast.Attribute | ast.Name) and dotted_name(node) in names
        is_text = isinstance(node, ast.Constant) and node.value == _LOADED
        if isinstance(node, ast.expr) and (is_it or is_text):
            yield node


def _aliases(tree: ast.Module) -> Iterator[str]:
    for node in every_node(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "sys":
            yield from (each.asname or each.name for each in node.names if each.name == "modules")
        elif isinstance(node, ast.Import):
            yield from (f"{each.asname}.modules" for each in node.names if each.name == "sys" and each.asname)
        elif isinstance(node, ast.Assign) and dotted_name(node.value) == _LOADED:
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))


def _read_by_name(tree: ast.Module) -> Iterator[int]:
    """Yield the uses that read one entry whose name is written there, or the module's own in any way."""
    for node in every_node(tree):
        if isinstance(node, ast.Subscript):
            is_text = isinstance(node.slice, ast.Constant) and isinstance(node.ctx, ast.Load)
            if is_text or (isinstance(node.slice, ast.Name) and node.slice.id == "__name__"):
                yield id(node.value)


@lru_cache(maxsize=1_000)
def _given(text: str) -> tuple[tuple[str, str], ...]:
    """Return each text that is an argument of a call, with the last name of what is called."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(
        (each.value, (dotted_name(node.func) or "").rpartition(".")[2])
        for node in every_node(tree)
        if isinstance(node, ast.Call)
        for each in (*node.args, *(keyword.value for keyword in node.keywords))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


_known: WeakKeyDictionary[Project, dict[str, _Changing]] = WeakKeyDictionary()
