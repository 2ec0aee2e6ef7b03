"""Whether anything in a project could see that an attribute is filled later, or from a descriptor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.names import dotted_name, every_node, parse, python_files_with
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError

_WHOLE = (
    "copy",
    "deepcopy",
    "dill",
    "cloudpickle",
    "pickle",
    "__dict__",
    "__getstate__",
    "__reduce__",
    "__new__",
    "__init__",
    "getmembers",
    "vars",
    "spec",
    "spec_set",
    "autospec",
    "create_autospec",
    "setattr",
    "delattr",
)
_BUILDERS = {"__init__", "__new__"}
_OF_OTHERS = {"copy", "setattr", "delattr"}
"""Methods of lists, dicts and of pytest's `monkeypatch`."""


def who_looks_at_all(project: Project, target: LegacyOrchestrator) -> str:
    """Return a place that may look at all that an instance holds; empty where there is none."""
    near = {target.path, *(caller.path for caller in target.callers)}
    near |= set(python_files_with(project, [target.class_name]))
    for path in python_files_with(project, _WHOLE):
        if path in near:
            for node in _nodes(project, path):
                word = _word(
                    node
                )  # a method `copy` is one of lists and dicts; building it anew is `__init__`
                if word in _WHOLE:
                    return f"line {_spot(node)[0]} of {path} uses {word}"
    return ""


def who_replaces(project: Project, words: frozenset[str], modules: frozenset[str]) -> str:
    """Return a place that may replace one of these names, or one of these modules; empty for none."""
    wanted = words | {each.rpartition(".")[2] for each in modules}
    for path in python_files_with(project, sorted(wanted)):
        for node in _nodes(project, path):
            text = _string(node)
            stored = _stored(node)
            is_stored = stored is not None and dotted_name(stored.value) != "self"
            if (
                (text is not None and (_last(text) in words or text in modules | _BUILDERS))
                or (is_stored and stored is not None and stored.attr in words | _BUILDERS)
                or (isinstance(node, ast.keyword) and node.arg in words)
            ):
                return f"line {_spot(node)[0]} of {path} may put something else in its place"
    return ""


def who_writes(project: Project, target: LegacyOrchestrator, attribute: str, statement: ast.stmt) -> str:
    """Return another place than a statement that sets an attribute, or asks for it by its name."""
    for path in python_files_with(project, [attribute]):
        own = set(_of_other_classes(project, target, path))
        for node in _nodes(project, path):
            is_own = path == target.path and _spot(node)[0] == statement.lineno
            stored = _stored(node)
            is_set = stored is not None and stored.attr == attribute
            if is_set and not is_own and _spot(node) not in own:
                return f"line {_spot(node)[0]} of {path} sets {attribute} as well"
            if _last(_string(node) or "") == attribute:
                return f"line {_spot(node)[0]} of {path} names {attribute} in a string"
    return ""


def _of_other_classes(project: Project, target: LegacyOrchestrator, path: str) -> Iterator[tuple[int, int]]:
    """Yield the attributes of `self` in other classes; nobody inherits the target."""
    for node in parse(project.sources[path].text).body:
        if isinstance(node, ast.ClassDef) and (path, node.name) != (target.path, target.class_name):
            for each in every_node(node):
                if isinstance(each, ast.Attribute) and dotted_name(each.value) == "self":
                    yield _spot(each)


def _string(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _last(text: str) -> str:
    """Return the last part of a dotted name, or of the path of an entry point."""
    return text.replace(":", ".").rpartition(".")[2]


def _stored(node: ast.AST) -> ast.Attribute | None:
    return node if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) else None


def _spot(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _nodes(project: Project, path: str) -> Iterator[ast.AST]:
    """Yield the nodes of a file but for annotations, docstrings and `__all__`, which replace nothing."""
    try:
        waiting: list[ast.AST] = [parse(project.sources[path].text)]
    except (SyntaxError, ValueError, RecursionError, OSError, SourceError):
        return
    while waiting:
        node = waiting.pop()
        yield node
        is_all = isinstance(node, ast.Assign) and any(dotted_name(one) == "__all__" for one in node.targets)
        is_said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not (is_all or is_said):
            for field, value in ast.iter_fields(node):
                if field not in ("annotation", "returns"):
                    found = value if isinstance(value, list) else [value]
                    waiting += [each for each in found if isinstance(each, ast.AST)]


def _word(node: ast.AST) -> str:
    if isinstance(node, ast.keyword):
        return node.arg or ""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.FunctionDef):
        return "" if node.name == "__init__" else node.name
    if not isinstance(node, ast.Attribute) or node.attr in _OF_OTHERS:
        return ""
    is_super = isinstance(node.value, ast.Call) and dotted_name(node.value.func) == "super"
    return "" if is_super else node.attr
