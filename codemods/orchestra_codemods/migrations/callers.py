"""The edits of files that import a module which moves: only where the name comes from changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.change import Edit, Refusal, Span
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.migrations.taken import TakenModule
from orchestra_codemods.migrations.tool_settings import is_tool_setting
from orchestra_codemods.names import (
    ChainUse,
    Importers,
    ImporterSite,
    Names,
    StringRole,
    StringUse,
    is_kept,
    kept_lines,
    names_of,
    python_files_with,
)
from orchestra_codemods.project import Project

_NEAR = 40
_RETURNS_THE_PACKAGE = re.compile(r"__import__\(\s*(?:name\s*=\s*)?[\"']\Z")
"""What stands before a module's name where the outermost package is what comes back."""


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
    relative = {site.path for site in importers.sites if site.site.level}
    twice = {path for path in relative if _has_two_names(project, path)}
    for site in importers.sites:
        if (
            not site.is_direct
            or (site.site.level and site.path in twice)
            or not placement.is_name(site.module)
            or is_kept(kept[site.path], site.site.place.line, _text(project, site))
        ):
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
    yield from _texts(project, placement, importers, kept)


def _texts(
    project: Project, placement: Placement, importers: Importers, kept: Mapping[str, Collection[int]]
) -> Iterator[CallerEdit]:
    for use in importers.strings:
        if use.string.place.line not in kept.get(use.path, ()) and placement.is_name(use.module):
            yield from _string(project, use, placement)
    for use in importers.paths:
        if is_tool_setting(project.sources[use.path].text, use):
            place = use.string.place
            moved = placement.path, placement.new_path
            yield CallerEdit(use.path, Edit(place.start, place.end, placement.new_path), moved)


def _has_two_names(project: Project, path: str) -> bool:
    """Tell whether a file is loaded as `src.pkg.x` too, where a relative import of it means either."""
    usual, *longer = names_of(project).index.modules(path) or (None,)
    if usual is None or not longer:
        return False
    root = path.removesuffix(".py").removesuffix("/__init__").removesuffix(usual.name.replace(".", "/"))
    return f"{root}__init__.py" in project.sources or bool(
        python_files_with(project, [each.name for each in longer])
    )


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
    new_root = new.partition(".")[0]
    mine = {
        one.use: one
        for one in chains
        if one.path == site.path and one.use.dotted.split(".")[: one.length] == site.module.split(".")
    }
    is_hidden = any(binding.name == new_root and binding.site < 0 for binding in facts.bindings) or any(
        name.alias == new_root for each in facts.imports for name in each.names
    )
    is_plain = all(use in mine and use.parts and not use.is_text for use in site.uses)
    if is_hidden or not is_plain or len(site.site.names) > 1:
        yield left(site, f"not every use of {site.imported.bound} in this file is one of the module")
        return
    place = site.imported.place
    yield CallerEdit(site.path, Edit(place.start, place.end, new), (site.module, new))
    for use in site.uses:
        end = use.parts[mine[use].length - 1]
        yield CallerEdit(site.path, Edit(use.place.start, end, new), (site.module, new))


def _string(project: Project, use: StringUse, placement: Placement) -> Iterator[CallerEdit]:
    place = use.string.place
    text = project.sources[use.path].text
    is_written_so = text[place.start : place.end] == use.string.text
    if _RETURNS_THE_PACKAGE.search(text, max(0, place.start - _NEAR), place.start):
        return
    if use.is_missing or not is_written_so or not (_is_reference(use) or is_tool_setting(text, use)):
        return
    new = placement.renamed(use.module)
    yield CallerEdit(use.path, Edit(place.start, place.start + len(use.module), new), (use.module, new))


def _is_reference(use: StringUse) -> bool:
    """Tell whether something loads what the string names: not a logger, not a document, not a mere value."""
    if not use.path.endswith(".py"):
        return use.is_certain and bool(use.name)
    return use.string.role in (StringRole.PATCH, StringRole.IMPORT) or (
        ":" in use.string.text and bool(use.name)
    )


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
