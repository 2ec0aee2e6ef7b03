"""Every place that refers to a module or to a name of it: imports, uses of what they bind, and strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import basename

from orchestra_codemods.names.facts import (
    BindingKind,
    DottedString,
    ImportedName,
    ImportSite,
    StringRole,
    Use,
)
from orchestra_codemods.names.memory import Names, names_of
from orchestra_codemods.names.positions import Place
from orchestra_codemods.names.resolution import Definition, Resolution
from orchestra_codemods.names.search import closure, files_with
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError


@dataclass(frozen=True, slots=True)
class ImporterSite:
    """One name of an import statement that leads to the module.

    ``module`` is the absolute name under which this file reaches the module. ``name`` is what it takes
    from it: None for the module itself, `*` for a star import. ``is_direct`` is false where the import
    names another module which passes the name on; ``resolution`` says through which. ``uses`` are the
    uses of what is bound.
    """

    path: str
    site: ImportSite
    item: int
    module: str
    name: str | None
    is_direct: bool
    resolution: Definition
    uses: tuple[Use, ...] = ()

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
class StringUse:
    """A string literal, or a dotted name in another kind of file, that names the module or a name of it.

    ``is_certain`` says that what surrounds it loads or patches by that name. ``missing`` says that the
    module exists and the rest of the name does not.
    """

    path: str
    string: DottedString
    module: str
    name: str
    is_certain: bool
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Importers:
    """What refers to one module, in the order of path and place."""

    sites: tuple[ImporterSite, ...] = ()
    chains: tuple[ChainUse, ...] = ()
    strings: tuple[StringUse, ...] = ()


def importers_of(project: Project, path: str) -> Importers:
    """Return everything in the project that refers to the module at a path, under any of its names.

    The module's own file is left out, files that do not parse are too (`Names.problems` has them).
    """
    names = names_of(project)
    words = {basename(module.name.replace(".", "/")) for module in names.index.modules(path)}
    words |= set(_sibling_words(path))
    if not words:
        return Importers()
    hits = [hit for hit in closure(project, words, lambda hit: _aliases(names, hit, path)) if hit != path]
    for other in _bare_relative(project, path):
        if other not in hits:
            hits.append(other)
    sites: list[ImporterSite] = []
    chains: list[ChainUse] = []
    strings: list[StringUse] = []
    for hit in sorted(hits):
        found = list(_sites(names, hit, path))
        sites += found
        chains += _chains(names, hit, path)
        strings += _strings(names, hit, path)
    strings += _texts(project, names, path, words)
    return Importers(tuple(sites), tuple(chains), tuple(strings))


def _sibling_words(path: str) -> Iterator[str]:
    stem = basename(path).partition(".")[0]
    if stem.isidentifier() and stem != "__init__":
        yield stem


def _aliases(names: Names, hit: str, target: str) -> Iterable[str]:
    """Yield the names by which others may reach the target's names through this file."""
    facts = names.facts(hit)
    if facts is None or hit == target:
        return
    for binding in facts.bindings:
        if binding.kind is BindingKind.IMPORT and binding.scope == 0:
            found = names.resolver.resolve_import(hit, binding.site, binding.item)
            if isinstance(found, Definition) and found.path == target:
                yield binding.name
    for number, site in enumerate(facts.imports):
        if site.names[0].name == "*" and _is(names.resolver.import_source(hit, number), target):
            yield from names.resolver.exported_names(target)


def _bare_relative(project: Project, path: str) -> Iterator[str]:
    """Yield the files that may reach a package by dots alone (`from . import x`), without naming it."""
    if basename(path) != "__init__.py":
        return
    folder = path[: -len("__init__.py")]
    inside = [each for each in project.sources.python_paths() if each.startswith(folder) and each != path]
    pattern = re.compile(rb"from\s*\.+\s*import")
    for each in inside:
        try:
            if pattern.search(project.sources.data(each)):
                yield each
        except OSError:
            continue


def _sites(names: Names, hit: str, target: str) -> Iterator[ImporterSite]:
    facts = names.facts(hit)
    if facts is None:
        return
    for number, site in enumerate(facts.imports):
        source = names.resolver.import_source(hit, number) if site.is_from else None
        for item in range(len(site.names)):
            reached = _reached(names, hit, (number, item), source, target)
            if reached is None:
                continue
            uses = tuple(_uses_of(names, hit, number, item))
            yield ImporterSite(hit, site, item, *reached, uses)


def _reached(
    names: Names, hit: str, place: tuple[int, int], source: Resolution | None, target: str
) -> tuple[str, str | None, bool, Definition] | None:
    """Return module, name, directness and meaning of one imported name where it leads to the target."""
    facts = names.facts(hit)
    assert facts is not None
    written = facts.imports[place[0]].names[place[1]].name
    found = names.resolver.resolve_import(hit, *place)
    if isinstance(source, Definition) and _is(source, target):
        meant = found if isinstance(found, Definition) else Definition(target, source.module, written)
        return source.module, written, True, meant
    if not isinstance(found, Definition) or found.path != target:
        return None
    return found.module, found.name or None, not found.name, found


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


def _chains(names: Names, hit: str, target: str) -> Iterator[ChainUse]:
    facts = names.facts(hit)
    for use in facts.uses if facts else ():
        parts = use.dotted.split(".")
        for length in range(1, len(parts) + 1):
            found = names.resolver.resolve(hit, ".".join(parts[:length]), use.scope)
            if isinstance(found, Definition) and found.path == target and not found.name:
                whole = names.resolver.resolve(hit, use.dotted, use.scope)
                yield ChainUse(hit, use, length, whole)
                break
            if not isinstance(found, Definition) or found.name:
                break


def _strings(names: Names, hit: str, target: str) -> Iterator[StringUse]:
    facts = names.facts(hit)
    for string in facts.strings if facts else ():
        if string.role not in (StringRole.ALL, StringRole.LOGGER):
            used = _string_use(names, hit, string, target)
            if used is not None:
                yield used


def _string_use(names: Names, hit: str, string: DottedString, target: str) -> StringUse | None:
    parts = re.split(r"[.:]", string.text)
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        module = names.index.find(name, hit)
        if module is None:
            continue
        if module.path != target:
            return None
        rest = ".".join(parts[length:])
        is_missing = bool(rest) and not isinstance(
            names.resolver.resolve_absolute(f"{name}.{rest}", hit), Definition
        )
        is_certain = string.role in (StringRole.PATCH, StringRole.IMPORT)
        return StringUse(hit, string, name, rest, is_certain, is_missing)
    return None


def _texts(project: Project, names: Names, path: str, words: set[str]) -> Iterator[StringUse]:
    """Yield dotted names in configuration and documents."""
    dotted = sorted((module.name for module in names.index.modules(path)), key=len, reverse=True)
    if not dotted:
        return
    alternatives = "|".join(re.escape(name) for name in dotted)
    pattern = re.compile(rf"(?<![\w.])(?:{alternatives})((?:\.[^\W\d]\w*)*(?::[^\W\d]\w*)?)(?![\w])")
    others = (each for each in project.sources if not each.endswith((".py", ".pyi")))
    for hit in files_with(project, words, others):
        try:
            text = project.sources[hit].text
        except (OSError, SourceError):
            continue
        for match in pattern.finditer(text):
            rest = match.group(1).lstrip(".:").replace(":", ".")
            module = match.group(0)[: match.start(1) - match.start(0)]
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - (text.rfind("\n", 0, match.start()) + 1)
            place = Place(match.start(), match.end(), line, column)
            string = DottedString(match.group(0), place, StringRole.VALUE)
            yield StringUse(hit, string, module, rest, is_certain=hit.endswith(_CONFIGURATION))


_CONFIGURATION = (".toml", ".yaml", ".yml", ".ini", ".cfg", ".json")


def _is(found: Resolution | None, target: str) -> bool:
    return isinstance(found, Definition) and found.path == target and not found.name
