"""The edits of files that import a module which moves: only where the name comes from changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Edit, Refusal, Span
from orchestra_codemods.migrations.kept import is_kept, kept_lines
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.migrations.taken import TakenModule
from orchestra_codemods.names import (
    ChainUse,
    Importers,
    ImporterSite,
    Names,
    StringRole,
    StringUse,
    names_of,
)
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class CallerEdit:
    """An edit in a caller; ``names`` are dotted names before and after, the mapping that it declares."""

    path: str
    edit: Edit
    names: tuple[str, str]


def caller_edits(
    project: Project, placement: Placement, importers: Importers
) -> Iterator[CallerEdit | TakenModule | Refusal]:
    """Yield an edit for each reference that can be redirected, and a refusal for each that cannot be.

    What is refused goes on working through the old module. A module that is taken from its package is left
    to the caller, who knows of the others in the statement.
    """
    names = names_of(project)
    kept = {path: kept_lines(project.sources[path].text) for path in _paths(importers)}
    for site in importers.sites:
        if not site.is_direct or is_kept(kept[site.path], site.site.place.line, _text(project, site)):
            continue
        if site.name is not None:
            if site.item == 0:
                yield _module_of(site, placement)
        elif site.site.is_from:
            yield TakenModule(site, placement)
        elif site.imported.alias:
            place = site.imported.place
            new = placement.renamed(site.module)
            yield CallerEdit(site.path, Edit(place.start, place.end, new), (site.module, new))
        else:
            yield from _dotted_import(names, site, placement, importers.chains)
    for use in importers.strings:
        if use.path.endswith(".py") and use.string.place.line not in kept[use.path]:
            yield from _string(project, use, placement)


def _paths(importers: Importers) -> set[str]:
    paths = {site.path for site in importers.sites} | {chain.path for chain in importers.chains}
    return paths | {use.path for use in importers.strings if use.path.endswith(".py")}


def _text(project: Project, site: ImporterSite) -> str:
    return project.sources[site.path].text[site.site.place.start : site.site.place.end]


def _module_of(site: ImporterSite, placement: Placement) -> CallerEdit:
    place = site.site.module_place
    assert place is not None
    new = placement.renamed(site.module)
    return CallerEdit(site.path, Edit(place.start, place.end, new), (site.module, new))


def _dotted_import(
    names: Names,
    site: ImporterSite,
    placement: Placement,
    chains: tuple[ChainUse, ...],
) -> Iterator[CallerEdit | Refusal]:
    """`import package.module`, with every `package.module.name` that it serves."""
    facts = names.facts(site.path)
    assert facts is not None
    new = placement.renamed(site.module)
    root, new_root = site.module.partition(".")[0], new.partition(".")[0]
    mine = [one for one in chains if one.path == site.path and one.use.dotted.startswith(f"{site.module}.")]
    written = [one for one in mine if one.use.parts and not one.use.is_text]
    rest = [use for use in site.uses if not any(use == one.use for one in mine)]
    same_root = [
        each
        for each in facts.imports
        if each is not site.site and not each.is_from and any(name.bound == root for name in each.names)
    ]
    is_foreign = any(binding.name == new_root and binding.site < 0 for binding in facts.bindings) or any(
        name.alias == new_root for each in facts.imports for name in each.names
    )
    if len(written) != len(mine) or is_foreign or len(site.site.names) > 1 or (rest and same_root):
        yield left(site, f"the uses of {root} in this file cannot be told apart")
        return
    parent = site.module.rpartition(".")[0]
    text = f"{parent}, {new}" if rest and parent else new
    place = site.imported.place
    yield CallerEdit(site.path, Edit(place.start, place.end, text), (site.module, new))
    for chain in written:
        start = chain.use.place.start
        end = chain.use.parts[chain.length - 1]
        yield CallerEdit(site.path, Edit(start, end, new), (site.module, new))


def _string(project: Project, use: StringUse, placement: Placement) -> Iterator[CallerEdit]:
    place = use.string.place
    text = project.sources[use.path].text
    is_reference = use.string.role in (StringRole.PATCH, StringRole.IMPORT)
    if not is_reference or use.is_missing or text[place.start : place.end] != use.string.text:
        return
    new = placement.renamed(use.module)
    yield CallerEdit(use.path, Edit(place.start, place.start + len(use.module), new), (use.module, new))


def left(site: ImporterSite, why: str) -> Refusal:
    """Return the refusal of an import that stays as it is."""
    place = site.site.place
    return Refusal(
        "migrate",
        site.path,
        Span(place.line, place.column),
        f"the import of {site.module} stays as it is: {why}",
        "It works through the old module; import the names that are used, and migrate again.",
    )
