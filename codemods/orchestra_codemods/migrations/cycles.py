"""Import cycles that a move would make: imported first, the new module comes back to itself half made.

A module's packages are imported before it. A module that left its package no longer has that head start: when
it imports anything of the old package, that package's `__init__` may ask for names which the new module does
not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from orchestra_codemods.names import (
    Definition,
    Guard,
    Importers,
    ImporterSite,
    ImportSite,
    ModuleFacts,
    Names,
    names_of,
)
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Cycle:
    """An import, at the top level of a file, of a name from a module that is not ready for it."""

    path: str
    line: int
    is_reexport: bool


def cycles_of(project: Project, path: str, importers: Importers) -> Iterator[Cycle]:
    """Yield the imports that fail when the module at a path is the first to be imported.

    ``is_reexport`` says that the name only passes through an `__init__`, which can take it later.
    """
    names = names_of(project)
    reached = loaded_by(names, [path])
    for site in importers.sites:
        if site.path in reached and site.path != path and _runs_at_import(names, site) and site.name:
            is_reexport = (
                site.path.endswith("/__init__.py") and site.name != "*" and not _is_used(names, site)
            )
            yield Cycle(site.path, site.site.place.line, is_reexport)
    if path in reached:
        yield from _behind_the_others(names, path)


def _behind_the_others(names: Names, path: str) -> Iterator[Cycle]:
    """Yield where a module takes names from files that load it: whoever comes by them first finds none there.

    Before the move the `__init__` of its package could see to it that it came first.
    """
    facts = names.facts(path)
    for number, site in enumerate(facts.imports if facts else ()):
        source = names.resolver.import_source(path, number) if site.is_from else None
        if not isinstance(source, Definition) or not source.path or not _is_at_top(facts, site):
            continue
        found = [names.resolver.resolve_import(path, number, item) for item in range(len(site.names))]
        takes = any(isinstance(one, Definition) and one.name for one in found)
        if takes and path in loaded_by(names, [source.path]):
            yield Cycle(source.path, _line_towards(names, source.path, path), is_reexport=False)


def _line_towards(names: Names, path: str, to: str) -> int:
    facts = names.facts(path)
    for number, site in enumerate(facts.imports if facts else ()):
        targets = set(_imported_by(names, path, number)) if _is_at_top(facts, site) else set()
        if to in targets or to in loaded_by(names, targets):
            return site.place.line
    return 1


def _is_at_top(facts: ModuleFacts | None, site: ImportSite) -> bool:
    is_inside = facts is not None and facts.scopes[site.scope].kind == "function"
    return not is_inside and site.guard is not Guard.TYPE_CHECKING


def loaded_by(names: Names, paths: Iterable[str]) -> frozenset[str]:
    """Return the files that run when these run, other than in functions; themselves only through a circle."""
    waiting = [target for path in paths for target in imports_of(names, path)]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += imports_of(names, path)
    return frozenset(seen)


def imports_of(names: Names, path: str) -> tuple[str, ...]:
    """Return the files that a file imports itself, other than in functions, with their packages."""
    known = _known.setdefault(names, {})
    if path not in known:
        known[path] = tuple(dict.fromkeys(_imports(names, path)))
    return known[path]


_known: WeakKeyDictionary[Names, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


def _imports(names: Names, path: str) -> Iterator[str]:
    facts = names.facts(path)
    for number, site in enumerate(facts.imports if facts else ()):
        if _is_at_top(facts, site):
            yield from _imported_by(names, path, number)


def _imported_by(names: Names, path: str, number: int) -> Iterator[str]:
    facts = names.facts(path)
    assert facts is not None
    site = facts.imports[number]
    for item in range(len(site.names)):
        for found in (
            names.resolver.resolve_import(path, number, item),
            *([names.resolver.import_source(path, number)] if site.is_from else ()),
        ):
            if isinstance(found, Definition):
                yield from _with_packages(names, found.module)
                yield from found.through


def _with_packages(names: Names, module: str) -> Iterator[str]:
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        found = names.index.find(".".join(parts[:length]))
        if found is not None and found.path is not None:
            yield found.path


def _runs_at_import(names: Names, site: ImporterSite) -> bool:
    facts = names.facts(site.path)
    assert facts is not None
    return facts.scopes[site.site.scope].kind != "function" and site.site.guard is not Guard.TYPE_CHECKING


def _is_used(names: Names, site: ImporterSite) -> bool:
    facts = names.facts(site.path)
    assert facts is not None
    return bool(site.uses) or site.site.scope != 0 or site.site.guard is not Guard.NONE or facts.has_getattr
