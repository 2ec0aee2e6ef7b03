"""Every place that refers to a module or to a name of it: imports, uses of what they bind, and strings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from orchestra_codemods.names.facts import (
    DottedString,
    ImportedName,
    ImportSite,
    StringRole,
    Use,
)
from orchestra_codemods.names.memory import Names, names_of
from orchestra_codemods.names.reach import files_reaching
from orchestra_codemods.names.resolution import Definition, Resolution, Unresolved
from orchestra_codemods.names.texts import StringUse, texts_naming
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class ImporterSite:
    """One name of an import statement that leads to the module.

    ``module`` is the absolute name under which this file reaches the module. ``name`` is what it takes
    from it: None for the module itself, `*` for a star import. ``is_direct`` is false where the import
    names another module which passes the name on; ``resolution`` says through which. ``uses`` are the
    uses of what is bound. ``is_missing`` says that the module has no such name: the import fails.
    """

    path: str
    site: ImportSite
    item: int
    module: str
    name: str | None
    is_direct: bool
    resolution: Definition
    uses: tuple[Use, ...] = ()
    is_missing: bool = False

    @property
    def imported(self) -> ImportedName:
        """The part of the statement that this is about."""
        return self.site.names[self.item]


@dataclass(frozen=True, slots=True)
class ChainUse:
    """An attribute chain (`package.module.name`) that reaches the module with its first ``length`` parts."""

    path: str
    use: Use
    length: int
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Importers:
    """What refers to one module, in the order of path and place.

    ``strings`` name the module itself, as a dotted name. ``indirect`` are strings that name another module
    which passes one of its names on (`mock.patch("importing_module.Name")`), ``paths`` are file paths in
    settings and documents.
    """

    sites: tuple[ImporterSite, ...] = ()
    chains: tuple[ChainUse, ...] = ()
    strings: tuple[StringUse, ...] = ()
    indirect: tuple[StringUse, ...] = ()
    paths: tuple[StringUse, ...] = ()


def importers_of(project: Project, path: str) -> Importers:
    """Return everything in the project that refers to the module at a path, under any of its names.

    The module's own file is left out, files that do not parse are too (`Names.problems` has them).
    """
    return importers_of_all(project, (path,))[path]


def importers_of_all(project: Project, targets: Collection[str]) -> dict[str, Importers]:
    """Return `importers_of` for several modules, looking through the project once."""
    names = names_of(project)
    wanted = frozenset(targets)
    hits = files_reaching(project, wanted)
    found = {target: _Collected() for target in targets}
    for hit in sorted(hits):
        for site in _sites(names, hit, wanted):
            found[site.resolution.path].sites.append(site)
        for chain, target in _chains(names, hit, wanted):
            found[target].chains.append(chain)
        for string, target in _strings(names, hit, wanted):
            found[target].strings.append(string)
    for string, target in texts_naming(project, targets):
        found[target].strings.append(string)
    return {target: collected.sorted(names, target) for target, collected in found.items()}


@dataclass(slots=True)
class _Collected:
    sites: list[ImporterSite] = field(default_factory=list)
    chains: list[ChainUse] = field(default_factory=list)
    strings: list[StringUse] = field(default_factory=list)

    def sorted(self, names: Names, target: str) -> Importers:
        own = {module.name for module in names.index.modules(target)}
        by_path = [each for each in self.strings if each.string.role is StringRole.PATH]
        dotted = [each for each in self.strings if each.string.role is not StringRole.PATH]
        direct = [each for each in dotted if each.module in own]
        indirect = [each for each in dotted if each.module not in own]
        return Importers(
            tuple(self.sites), tuple(self.chains), tuple(direct), tuple(indirect), tuple(by_path)
        )


def _sites(names: Names, hit: str, targets: Collection[str]) -> Iterator[ImporterSite]:
    facts = names.facts(hit)
    for number, site in enumerate(facts.imports if facts else ()):
        source = names.resolver.import_source(hit, number) if site.is_from else None
        for item, imported in enumerate(site.names):
            found = names.resolver.resolve_import(hit, number, item)
            for module, name, is_direct, meant in _reached(imported.name, source, found):
                if meant.path in targets and meant.path != hit:
                    uses = tuple(_uses_of(names, hit, number, item))
                    is_missing = isinstance(found, Unresolved)
                    yield ImporterSite(hit, site, item, module, name, is_direct, meant, uses, is_missing)


def _reached(
    written: str, source: Resolution | None, found: Resolution
) -> Iterator[tuple[str, str | None, bool, Definition]]:
    """Yield the modules that one imported name leads to, as module, name, directness and meaning.

    These are the module that the statement names, and the one which defines what it passes on.
    """
    if isinstance(source, Definition) and source.path and not source.name:
        own = isinstance(found, Definition) and found.path == source.path
        meant = (
            found
            if own and isinstance(found, Definition)
            else Definition(source.path, source.module, written)
        )
        yield source.module, written, True, meant
        if own:
            return
    if isinstance(found, Definition) and found.path:
        yield found.module, found.name or None, not found.name, found


def _uses_of(names: Names, path: str, site: int, item: int) -> Iterator[Use]:
    facts = names.facts(path)
    assert facts is not None
    statement = facts.imports[site]
    bound = statement.names[item].bound
    for use in facts.uses:
        if use.dotted.partition(".")[0] == bound:
            scope = binding_scope(names, path, bound, use.scope)
            if scope == statement.scope:
                yield use


def binding_scope(names: Names, path: str, name: str, scope: int) -> int | None:
    """Return the scope whose binding a name means when it is used in a scope; None where nothing binds it."""
    facts = names.facts(path)
    assert facts is not None
    number, is_innermost = scope, True
    while True:
        visible = facts.scopes[number].kind != "class" or is_innermost
        if visible and names.resolver.bindings(path, name, number):
            return number
        if number == 0:
            return None
        is_innermost = is_innermost and facts.scopes[number].kind == "comprehension"
        number = facts.scopes[number].parent


def _chains(names: Names, hit: str, targets: Collection[str]) -> Iterator[tuple[ChainUse, str]]:
    facts = names.facts(hit)
    for use in facts.uses if facts else ():
        parts = use.dotted.split(".")
        for length in range(1, len(parts) + 1):
            found = names.resolver.resolve(hit, ".".join(parts[:length]), use.scope)
            if not isinstance(found, Definition) or found.name:
                break
            if found.path in targets and found.path != hit:
                yield (
                    ChainUse(hit, use, length, names.resolver.resolve(hit, use.dotted, use.scope)),
                    found.path,
                )
                break


def _strings(names: Names, hit: str, targets: Collection[str]) -> Iterator[tuple[StringUse, str]]:
    facts = names.facts(hit)
    for string in facts.strings if facts else ():
        if string.role not in (StringRole.ALL, StringRole.LOGGER):
            used = string_use(names, hit, string)
            if used is None:
                continue
            target = used[1] if used[1] in targets else used[0].leads_to
            if target in targets and target != hit:
                yield used[0], target


def string_use(names: Names, hit: str, string: DottedString) -> tuple[StringUse, str] | None:
    """Return what a dotted string names, with the path of the module; None where it names no module."""
    parts = re.split(r"[.:]", string.text)
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        module = names.index.find(name, hit)
        if module is None:
            continue
        if module.path is None or (length == 1 and len(parts) > 1 and string.role is StringRole.VALUE):
            return None
        rest = ".".join(parts[length:])
        found = names.resolver.resolve_absolute(f"{name}.{rest}", hit) if rest else None
        is_certain = string.role in (StringRole.PATCH, StringRole.IMPORT)
        is_missing = bool(rest) and not isinstance(found, Definition)
        leads_to = found.path if isinstance(found, Definition) else module.path
        return StringUse(hit, string, name, rest, is_certain, is_missing, leads_to), module.path
    return None
