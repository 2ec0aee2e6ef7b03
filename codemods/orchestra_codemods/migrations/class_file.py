"""The file with the class: its edits, and the import of what the class now needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.background import background_edits
from orchestra_codemods.migrations.class_edits import Identity, class_edits, subclass_edits
from orchestra_codemods.migrations.declared import lazy_edits, uses_lazy
from orchestra_codemods.migrations.eager import Dependencies
from orchestra_codemods.migrations.explicit import NEEDED, Routing, categories_home, ladder
from orchestra_codemods.migrations.immovable import edits_for_new_place
from orchestra_codemods.migrations.insertion import place_of_import
from orchestra_codemods.migrations.lineage import Key, key_of, parent_of
from orchestra_codemods.migrations.names_in_use import Imported, choose
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.migrations.shape import shapes_in
from orchestra_codemods.names import (
    Definition,
    External,
    Importers,
    Names,
    Unresolved,
    absolute_name,
    names_of,
)
from orchestra_codemods.project import Project

_NEEDED = ("BaseOrchestrator", "OrchestrationLayer", "OrchestrationType", "operation")


def class_file_edits(
    project: Project,
    placement: Placement,
    together: frozenset[Key],
    importers: Importers,
    *,
    routing: Routing = "inherited",
    dependencies: Dependencies = "eager",
) -> Iterator[Edit]:
    """Yield all edits of the module of a placement but those that follow from other modules' moves.

    ``together`` are the classes that become orchestrators in the same run, ``importers`` what refers to the
    module; ``dependencies`` says whether what constructors build is declared with `lazy(…)` where it may.
    """
    source = project.sources[placement.path]
    names = names_of(project)
    shapes = [(target, shapes_in(source.text, target.class_name)[-1]) for target in placement.targets]
    heirs = {
        key_of(target)
        for target, shape in shapes
        if parent_of(project, placement.path, shape, dict.fromkeys(together))
    }
    needed = [name for name in _NEEDED if name != "BaseOrchestrator" or len(heirs) < len(shapes)]
    moving = {path for path, _ in together}
    later = [one for one, _ in shapes if dependencies == "lazy" and uses_lazy(project, one, moving)]
    needed += ["lazy"] if later else []
    taken = _taken(names, placement.path)
    prefix = "_" if _is_taken_whole(names, placement.path, importers) else ""
    imports: list[Imported] = []
    if routing == "explicit":
        home = categories_home(project)
        needed += [name for name in NEEDED if name != "ErrorCategory" or home == project.config.package]
        wanted = {} if "ErrorCategory" in needed else {home: "ErrorCategory"}
        found = names.resolver.resolve(placement.path, "Any")
        if not (isinstance(found, External) and found.dotted == "typing.Any"):
            wanted["typing"] = "Any"
        imports += [choose(module, [name], taken, prefix) for module, name in sorted(wanted.items())]
    imports += _imports(names, project.config.package, needed, taken, prefix)
    local = {"Any": "Any", **{name: alias for one in imports for name, alias in one.names.items()}}
    yield from _import_edits(source.text, imports, source.newline)
    for target, shape in shapes:
        identity = Identity(str(target.layer).upper(), target.name, str(target.type).upper())
        is_heir = key_of(target) in heirs
        lines = ladder(source.text, shape, local, is_heir=is_heir) if routing == "explicit" else []
        edits = subclass_edits if is_heir else class_edits
        yield from edits(source.text, shape, identity, local, source.newline, routing=lines)
        yield from background_edits(source.text, target)
    declared = [edit for one in later for edit in lazy_edits(project, one, moving, local["lazy"])]
    yield from declared
    if placement.is_move:
        yield from edits_for_new_place(project, placement)
        gone = [(each.start, each.end) for each in declared]
        for edit in relative_edits(names, placement):
            if not any(start <= edit.start < end for start, end in gone):
                yield edit


def relative_edits(names: Names, placement: Placement) -> Iterator[Edit]:
    """Yield absolute names for relative imports; one that was broken keeps the target that it had."""
    facts = names.facts(placement.path)
    module = names.index.module(placement.path)
    assert facts is not None
    assert module is not None
    for number, site in enumerate(facts.imports):
        if not site.level or site.module_place is None:
            continue
        found = names.resolver.import_source(placement.path, number)
        absolute = absolute_name(site.module, site.level, module.package)
        name = found.module if isinstance(found, Definition) and not found.name else absolute
        if name is not None:
            yield Edit(site.module_place.start, site.module_place.end, name)


def _imports(
    names: Names, package: str, needed: list[str], taken: set[str], prefix: str
) -> Iterator[Imported]:
    """Yield one import from the project's package, and one from the framework for what that lacks."""
    offered = [name for name in needed if _offers(names, package, name)]
    if offered:
        yield choose(package, offered, taken, prefix)
    missing = [name for name in needed if name not in offered]
    if missing:
        yield choose("orchestra", missing, taken, prefix)


def _offers(names: Names, package: str, name: str) -> bool:
    found = names.resolver.resolve_absolute(f"{package}.{name}")
    return type(found).__name__ in ("Definition", "External")


def _taken(names: Names, path: str) -> set[str]:
    """Return what any scope of the file binds: a class body or a parameter may hide a name as well."""
    facts = names.facts(path)
    assert facts is not None
    kinds = {number for number, scope in enumerate(facts.scopes) if scope.kind in ("module", "class")}
    constructors = {number for number, scope in enumerate(facts.scopes) if scope.name.endswith(".__init__")}
    bound = {binding.name for binding in facts.bindings if binding.scope in kinds | constructors}
    if any(one.name == "*" for site in facts.imports for one in site.names):
        bound |= {name for name in _NEEDED if not isinstance(names.resolver.resolve(path, name), Unresolved)}
    return bound


def _is_taken_whole(names: Names, path: str, importers: Importers) -> bool:
    """Tell whether a star import somewhere would take along what this module imports."""
    facts = names.facts(path)
    assert facts is not None
    return not facts.has_all and any(site.name == "*" for site in importers.sites)


def _import_edits(text: str, imports: Sequence[Imported], newline: str) -> Iterator[Edit]:
    """Yield the insertions of import statements; together where they are the first."""
    places = [place_of_import(text, one.module) for one in imports]
    statements = [one.statement().replace("\n", newline) for one in imports]
    if not any(is_first for _, is_first in places):
        for (at, _), statement in zip(places, statements, strict=True):
            yield Edit(at, at, f"{statement}{newline}")
        return
    at = places[0][0]
    before = newline if at else ""
    is_tight = text.startswith(("class ", "def ", "async ", "@"), at)
    after = newline * 2 if is_tight else newline if not at else ""
    yield Edit(at, at, f"{before}{newline.join(statements)}{newline}{after}")
