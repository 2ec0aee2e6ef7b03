"""Code that looks through all names of a module: it would see those which the framework adds as well.

A registry that builds every class whose name ends with `Orchestrator` would build `BaseOrchestrator`; one
that takes only what a module itself defines would no longer find a class that moved.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from orchestra_codemods.names import Importers, Offsets, dotted_name, every_node, parse, python_files_with
from orchestra_codemods.project import Project

_LOOKING = ("getmembers", "getmembers_static", "dir", "vars", "__dict__")
_LOADERS = {"import_module", "__import__", "module_from_spec", "load_module", "importorskip"}
_WALKERS = {"iter_modules", "walk_packages", "glob", "rglob", "iterdir", "listdir", "scandir"}
_MODULES = {"module", "mod"}
_OWN_WORDS = re.compile(r"\b(?:globals|dir|vars|locals)\(\)|sys\.modules\[__name__\]")
_OWN = {"globals", "dir", "vars", "locals"}
_SIGNS = re.compile(
    rb"import_module|__import__|module_from_spec|load_module|importorskip|ModuleType|sys\.modules"
    rb"|\(mod(?:ule)?\b|\bmod(?:ule)?\.__dict__"
)
_ONE_NAME = {"get", "setdefault", "pop", "update"}


@dataclass(frozen=True, slots=True)
class Look:
    """Where names are looked through; ``by_module`` says that only what a module itself defines counts."""

    path: str
    line: int
    by_module: bool


def looks_through(project: Project, path: str, module: str, importers: Importers) -> Iterator[Look]:
    """Yield the places that look through the names of a module: in its own file, and in others."""
    yield from (
        Look(path, line, _is_by_module(project, path)) for line in _in_its_own(project.sources.text(path))
    )
    starts: dict[str, set[int]] = {}
    for chain in importers.chains:
        rest = chain.use.dotted.split(".")[chain.length :]
        if not rest or rest == ["__dict__"]:
            starts.setdefault(chain.path, set()).add(chain.use.place.start)
    told = any(not use.name and not use.path.endswith((".md", ".rst")) for use in importers.strings)
    found = {other: list(_at_places(project.sources.text(other), at)) for other, at in starts.items()}
    for other, loading in _loaders(project).items():
        if other != path and (told or _may_load(project, other, loading, path, module)):
            found.setdefault(other, []).extend(loading.lines)
    for other, lines in sorted(found.items()):
        yield from (Look(other, line, _is_by_module(project, other)) for line in sorted(lines)[:1])


def _is_by_module(project: Project, path: str) -> bool:
    return "__module__" in project.sources.text(path)


def _nodes(text: str) -> list[ast.AST]:
    try:
        return every_node(parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return []


def _in_its_own(text: str) -> Iterator[int]:
    """Yield where a module looks through its own names, other than for one that is written there."""
    if not _OWN_WORDS.search(text):
        return
    nodes = _nodes(text)
    single = set(_asked_for_one(nodes))
    inside = {
        id(each)
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef)
        for each in ast.walk(node)
    }
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = dotted_name(node.func) or ""
        is_own = not node.args and name in _OWN and (name == "globals" or id(node) not in inside)
        is_handed = bool(node.args) and name.rpartition(".")[2] in _LOOKING and _is_itself(node.args[0])
        if (is_own and id(node) not in single) or is_handed:
            yield node.lineno


def _is_itself(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node) == "sys.modules[__name__]"


@dataclass(frozen=True, slots=True)
class _Loading:
    """Where a file looks through the names of a module that it loads by text, and what says which that is."""

    lines: tuple[int, ...]
    texts: frozenset[str]
    walks: bool


def _loaders(project: Project) -> Mapping[str, _Loading]:
    """Return the files that look through modules which they load by text; found out once for a project."""
    if project not in _known:
        found = _known[project] = {}
        for path in python_files_with(project, _LOOKING):
            loading = _loading(project.sources.text(path)) if project.sources.has(path, _SIGNS) else None
            if loading is not None:
                found[path] = loading
    return _known[project]


@lru_cache(maxsize=1_000)
def _loading(text: str) -> _Loading | None:
    nodes = _nodes(text)
    lines = tuple(_at_loaded(nodes))
    if not lines:
        return None
    texts = {each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    walks = any(isinstance(node, ast.Call) and _word(node.func) in _WALKERS for node in nodes)
    return _Loading(lines, frozenset(texts), walks)


def _may_load(project: Project, path: str, loading: _Loading, own: str, module: str) -> bool:
    """Tell whether a file that loads modules by text names one, or walks through a folder that it is in."""
    if module in loading.texts:
        return True
    package, folder = module.rpartition(".")[0], path.rpartition("/")[0]
    if not loading.walks or not package:
        return False
    is_below = f"{folder}/__init__.py" in project.sources and own.startswith(f"{folder}/")
    named = re.compile(rf"\b{re.escape(package)}\b")
    return is_below or named.search(project.sources.text(path)) is not None


def _word(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _at_loaded(nodes: Sequence[ast.AST]) -> Iterator[int]:
    """Yield where the names of something are looked through that was loaded, or is a module by its name."""
    loaded = set(_MODULES)
    for node in nodes:
        if isinstance(node, ast.Assign | ast.NamedExpr) and _is_loading(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            loaded |= {each.id for each in targets if isinstance(each, ast.Name)}
        elif isinstance(node, ast.arg) and node.annotation and "ModuleType" in ast.unparse(node.annotation):
            loaded.add(node.arg)
    for looked, line in _looked_at(nodes):
        if _is_loading(looked) or (isinstance(looked, ast.Name) and looked.id in loaded):
            yield line


def _is_loading(node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        return dotted_name(node.value) == "sys.modules"
    return isinstance(node, ast.Call) and _word(node.func) in _LOADERS


def _at_places(text: str, starts: set[int]) -> Iterator[int]:
    offsets = Offsets(text)
    for looked, line in _looked_at(_nodes(text)):
        if offsets.place(looked).start in starts:
            yield line


def _looked_at(nodes: Sequence[ast.AST]) -> Iterator[tuple[ast.expr, int]]:
    """Yield what has all its names looked through; one name that is asked of `__dict__` is not all."""
    single = set(_asked_for_one(nodes))
    for node in nodes:
        if id(node) in single:
            continue
        if isinstance(node, ast.Call) and node.args and _word(node.func) in _LOOKING:
            yield node.args[0], node.lineno
        elif isinstance(node, ast.Attribute) and node.attr == "__dict__":
            yield node.value, node.lineno


def _asked_for_one(nodes: Sequence[ast.AST]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr in _ONE_NAME):
            yield id(node.value)


_known: WeakKeyDictionary[Project, dict[str, _Loading]] = WeakKeyDictionary()
