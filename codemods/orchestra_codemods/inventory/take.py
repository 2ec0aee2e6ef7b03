"""Take the inventory of a project: its legacy orchestrators, their callers, every mention of them."""

from __future__ import annotations

import ast
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from orchestra_codemods.inventory.accessors import Access, accessors
from orchestra_codemods.inventory.background import background_tasks
from orchestra_codemods.inventory.callers import callers_in
from orchestra_codemods.inventory.candidates import Candidate, Found, find
from orchestra_codemods.inventory.dependencies import dependencies, interactions, queues, set_from_outside
from orchestra_codemods.inventory.family import required_arguments
from orchestra_codemods.inventory.imports import callers_by_import, callers_by_text
from orchestra_codemods.inventory.layers import Structure, propose
from orchestra_codemods.inventory.members import operations
from orchestra_codemods.inventory.mentions import mentions
from orchestra_codemods.inventory.model import Caller, Inventory, LegacyOrchestrator, RefusedBecause
from orchestra_codemods.inventory.naming import orchestrator_names
from orchestra_codemods.inventory.refusals import is_test, refusal
from orchestra_codemods.inventory.values import Evaluator, Key
from orchestra_codemods.inventory.view import Views
from orchestra_codemods.names import files_with, importers_of_all, names_of
from orchestra_codemods.project import Project


def take(project: Project) -> Inventory:
    """Return the inventory of a project; the same object for the same project."""
    if project not in _taken:
        with _collector_at_rest(), names_of(project).keeping_trees():
            _taken[project] = _take(project)
    return _taken[project]


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Spare the collector the syntax trees, which hold no cycles: a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_taken: WeakKeyDictionary[Project, Inventory] = WeakKeyDictionary()


def _take(project: Project) -> Inventory:
    views = Views(project)
    found = find(views)
    refused = {each.key: refusal(views, each) for each in found.candidates}
    names = _names(views, found, refused)
    surroundings = _Surroundings(views, found.candidates)
    orchestrators = tuple(
        _orchestrator(views, each, refused[each.key], names, surroundings) for each in found.candidates
    )
    targets = {each.key: each.node.name for each in found.candidates if refused[each.key] is None}
    counted = mentions(views, targets)
    problems = {**{each.path: each.why for each in project.skipped}, **views.names.problems}
    return Inventory(orchestrators, counted, tuple(sorted(problems.items())))


def _names(views: Views, found: Found, refused: Mapping[Key, RefusedBecause | None]) -> dict[Key, str]:
    taken = [name for each in found.migrated for name in [_registered_name(each.node)] if name]
    wanted = [each for each in found.candidates if refused[each.key] is None]
    rest = [each for each in found.candidates if refused[each.key] is not None]
    ordered = [*wanted, *rest]  # a look-alike never takes a name away from an orchestrator
    given = orchestrator_names([(each.node.name, module_of(views, each.view.path)) for each in wanted], taken)
    others = [(each.node.name, module_of(views, each.view.path)) for each in rest]
    given += orchestrator_names(others, [*taken, *given])
    return dict(zip((each.key for each in ordered), given, strict=True))


def _registered_name(node: ast.ClassDef) -> str | None:
    """Return the name which a migrated class gives to `super().__init__`."""
    for each in ast.walk(node):
        if (
            isinstance(each, ast.Call)
            and isinstance(each.func, ast.Attribute)
            and each.func.attr == "__init__"
        ):
            for keyword in each.keywords:
                if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return None


def module_of(views: Views, path: str) -> str:
    """Return the usual module name of a file; for one that cannot be imported, a name made of its path."""
    module = views.names.index.module(path)
    return module.name if module else path.rpartition(".")[0].replace("/", ".")


class _Surroundings:
    """The accessors and callers of all candidates of a project."""

    def __init__(self, views: Views, candidates: Iterable[Candidate]) -> None:
        self.callers: dict[Key, list[Caller]] = defaultdict(list)
        self.accessors: dict[Key, list[Access]] = defaultdict(list)
        self.by_function: dict[Key, list[Key]] = defaultdict(list)
        top = [each for each in candidates if not each.around]
        self._targets = frozenset(each.key for each in top)
        paths = sorted({each.view.path for each in top})
        if not paths:
            return
        importers = importers_of_all(views.project, paths)
        files = set(paths)
        for found in importers.values():
            files |= {site.path for site in found.sites} | {chain.path for chain in found.chains}
        files = {path for path in files if not path.endswith(".pyi")}
        self._evaluator = Evaluator(views, files)
        self._find_accessors(views)
        self._add_fixture_users(views)
        for path in sorted(self._evaluator.files):
            view = views.view(path)
            for key, caller in (
                callers_in(self._evaluator, view, self._targets, self.by_function) if view else ()
            ):
                self.callers[key].append(caller)
        by_path: dict[str, list[Key]] = defaultdict(list)
        for each in top:
            by_path[each.view.path].append(each.key)
        for path, found in importers.items():
            keys = by_path[path]
            for key, caller in (
                *callers_by_import(found, keys, self.accessors),
                *callers_by_text(found, keys, self.accessors),
            ):
                self.callers[key].append(caller)

    def _find_accessors(self, views: Views) -> None:
        for path in sorted(self._evaluator.files):
            view = views.view(path)
            for access in accessors(self._evaluator, view, self._targets) if view else ():
                self.accessors[access.target].append(access)
                if access.accessor.kind not in ("instance", "new-singleton", "init-global"):
                    self.by_function[path, access.accessor.name].append(access.target)

    def _add_fixture_users(self, views: Views) -> None:
        """Add the tests which take a fixture that a `conftest.py` defines: they need not name the class."""
        for path in sorted(self._evaluator.files):
            if not path.endswith("conftest.py"):
                continue
            names = [name for where, name in self.by_function if where == path]
            folder = path[: -len("conftest.py")]
            inside = [each for each in views.project.sources.python_paths() if each.startswith(folder)]
            if names:
                self._evaluator.files |= set(files_with(views.project, names, inside))


def _orchestrator(
    views: Views,
    candidate: Candidate,
    refused: RefusedBecause | None,
    names: Mapping[Key, str],
    surroundings: _Surroundings,
) -> LegacyOrchestrator:
    node, key = candidate.node, candidate.key
    module = module_of(views, candidate.view.path)
    callers = tuple(
        sorted(surroundings.callers[key], key=lambda each: (each.path, each.line, each.column, each.form))
    )
    tasks = background_tasks(node)
    needed = (*dependencies(views, candidate), *set_from_outside(callers))
    held = queues(node)
    used = interactions(views, candidate, surroundings.by_function, names)
    collaborators = {each.name for each in needed if each.how not in ("import", "attribute")}
    structure = Structure(len(tasks), len(held), len(collaborators), len(used))
    proposal = propose(node, module, structure)
    return LegacyOrchestrator(
        name=names[key],
        class_name=node.name,
        module=module,
        path=candidate.view.path,
        line=node.lineno,
        end_line=node.end_lineno or node.lineno,
        layer=proposal.layer,
        type=proposal.type,
        pattern=proposal.pattern,
        confidence=proposal.confidence,
        reasons=proposal.reasons,
        operations=operations(node),
        background_tasks=tasks,
        dependencies=needed,
        queues=held,
        interactions=used,
        accessors=tuple(
            each.accessor for each in surroundings.accessors[key] if not is_test(each.accessor.path)
        ),
        required_arguments=required_arguments(views, candidate),
        callers=callers,
        refused=refused,
    )
