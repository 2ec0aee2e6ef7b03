"""Import cycles that a move would make: imported first, the new module comes back to itself half made.

A module's packages are imported before it. A module that left its package no longer has that head start: when
it imports anything of the old package, that package's `__init__` may ask for names which the new module does
not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from orchestra_codemods.names import Definition, Guard, Importers, ImporterSite, Names, names_of
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
        if (facts and facts.scopes[site.scope].kind == "function") or site.guard is Guard.TYPE_CHECKING:
            continue
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
