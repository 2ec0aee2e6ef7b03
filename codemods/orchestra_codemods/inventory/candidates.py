"""Find the classes that are named or derived like orchestrators, wherever they stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate

from orchestra_codemods.inventory.view import View, Views
from orchestra_codemods.names import Definition, External, Resolution
from orchestra_codemods.project import Project

_CLASS = re.compile(rb"\bclass(?:\s|\\\r?\n)+(?=([A-Za-z_\x80-\xff][\w\x80-\xff]*))")
"""A class statement, in bytes; a comment that ends with the word takes nothing of the one below it."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A class that may be an orchestrator. ``around`` are the classes and functions it is nested in."""

    view: View
    node: ast.ClassDef
    scope: int
    around: tuple[ast.AST, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """File and qualified name, as in `Definition.key`."""
        names = [getattr(node, "name", "<lambda>") for node in (*self.around, self.node)]
        return self.view.path, ".".join(names)

    @property
    def inner(self) -> int:
        """The scope of the class body."""
        return self.view.scope_of(self.node, self.scope)


@dataclass(frozen=True, eq=False)
class Found:
    """The candidates of a project in the order of path and line, and what is migrated already."""

    candidates: tuple[Candidate, ...]
    migrated: tuple[Candidate, ...]


def find(views: Views) -> Found:
    """Return every class that matches the configured patterns or base classes, in any depth."""
    candidates: list[Candidate] = []
    migrated: list[Candidate] = []
    matcher = _Matcher(views)
    for path in matcher.paths():
        view = views.view(path)
        for candidate in _classes(view) if view else ():
            if matcher.matches(candidate):
                chosen = migrated if matcher.is_migrated(candidate) else candidates
                chosen.append(candidate)
    return Found(tuple(candidates), tuple(migrated))


class _Matcher:
    def __init__(self, views: Views) -> None:
        self._views = views
        self._project: Project = views.project
        config = self._project.config
        self._patterns = [re.compile(translate(pattern)) for pattern in config.patterns]
        self._raw = [re.compile(translate(pattern).encode()) for pattern in config.patterns]
        self._bases = set(config.base_classes)
        literals = [max(re.split(r"[*?\[\]]", pattern), key=len) for pattern in config.patterns]
        self._literals = [literal.encode() for literal in literals]
        self._base_words = [base.rpartition(".")[2].encode() for base in config.base_classes]

    def paths(self) -> Iterator[str]:
        for path in self._project.sources.python_paths():
            if path.endswith(".pyi"):
                continue
            try:
                data = self._project.sources.data(path)
            except OSError as error:
                self._views.names.problems[path] = f"it cannot be read: {error.strerror or error}"
                continue
            if self._may_hold(data):
                yield path

    def _may_hold(self, data: bytes) -> bool:
        if any(word in data for word in self._base_words):
            return True
        if not any(literal in data for literal in self._literals):
            return False
        return any(raw.match(found) for found in _CLASS.findall(data) for raw in self._raw)

    def matches(self, candidate: Candidate) -> bool:
        if any(pattern.match(candidate.node.name) for pattern in self._patterns):
            return True
        return bool(self._bases) and not self._bases.isdisjoint(
            name for base in base_chain(self._views, candidate) for name in _dotted_names(base)
        )

    def is_migrated(self, candidate: Candidate) -> bool:
        if candidate.node.name == "BaseOrchestrator" and self._is_ours(candidate.view.path):
            return True
        return any(self._is_base(base) for base in base_chain(self._views, candidate))

    def _is_base(self, base: Resolution) -> bool:
        if isinstance(base, External):
            return base.dotted.startswith("orchestra.") and base.dotted.endswith("Orchestrator")
        return isinstance(base, Definition) and base.name == "BaseOrchestrator" and self._is_ours(base.path)

    def _is_ours(self, path: str) -> bool:
        """Tell whether a file belongs to the package that re-exports the framework."""
        package = self._project.config.package
        return any(
            f"{module.name}.".startswith(f"{package}.") for module in self._views.names.index.modules(path)
        )


def base_chain(views: Views, candidate: Candidate) -> Iterator[Resolution]:
    """Yield what every base of a class means, the bases of bases in the project included, nearest first."""
    resolver = views.names.resolver
    waiting = [(candidate.view.path, ast.unparse(base), candidate.scope) for base in candidate.node.bases]
    seen: set[object] = set()
    while waiting:
        path, text, scope = waiting.pop(0)
        found = resolver.resolve(path, text.partition("[")[0], scope)
        identity = found.key if isinstance(found, Definition) else found
        if identity in seen:
            continue
        seen.add(identity)
        yield found
        if isinstance(found, Definition):
            binding = resolver.class_binding(found)
            waiting += [(found.path, base, binding.scope) for base in binding.bases] if binding else []


def _dotted_names(base: Resolution) -> Iterator[str]:
    if isinstance(base, Definition | External):
        yield base.dotted


def _classes(view: View) -> Iterator[Candidate]:
    waiting: list[tuple[ast.AST, int, tuple[ast.AST, ...]]] = [(view.tree, 0, ())]
    found: list[Candidate] = []
    while waiting:
        node, scope, around = waiting.pop()
        for child in _statements(node):
            if isinstance(child, ast.ClassDef):
                found.append(Candidate(view, child, scope, around))
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                waiting.append((child, view.scope_of(child, scope), (*around, child)))
    yield from sorted(found, key=lambda candidate: candidate.node.lineno)


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements of a body and of its branches and loops, not of inner classes and functions."""
    waiting = list(reversed(getattr(node, "body", [])))
    while waiting:
        statement = waiting.pop()
        yield statement
        if not isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for field in ("body", "orelse", "finalbody", "handlers", "cases"):
                for part in reversed(getattr(statement, field, [])):
                    waiting += [part] if isinstance(part, ast.stmt) else list(reversed(part.body))
