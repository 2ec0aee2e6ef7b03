"""Imports that a module needs no longer, once the classes that used them have left it.

The new module has them too, and the old one imports that: what they do besides binding names goes on to be
done. They go only where nobody can take them from the old module.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.listed import without
from orchestra_codemods.migrations.split.along import Along
from orchestra_codemods.migrations.split.parts import Kind, Part
from orchestra_codemods.names import Importers, ModuleFacts, Offsets


@dataclass(frozen=True, slots=True)
class Unused:
    """The edits that take imports away, with their names.

    ``staying`` are those of which it is not known whether others take them, by line.
    """

    edits: tuple[Edit, ...] = ()
    names: tuple[str, ...] = ()
    staying: tuple[tuple[int, str], ...] = ()


def unused_imports(
    text: str, along: Along, facts: ModuleFacts, importers: Importers, followed: Collection[str]
) -> Unused:
    """Return what becomes of the imports of a module that only what leaves it used.

    ``followed`` are the names that tests replace in the new module from now on, and not in this one.
    """
    offsets = Offsets(text)
    asked = asked_for(facts, importers, followed)
    edits: list[Edit] = []
    dropped: list[str] = []
    staying: list[tuple[int, str]] = []
    for part in along.repeated:
        unused = part.names & along.inside.used - along.outside.used - _offered(part)
        if part.kind not in (Kind.IMPORT, Kind.GUARDED) or not unused:
            continue
        if part.kind is Kind.GUARDED or asked is None or "#" in text[part.start : part.end]:
            staying += ((part.line, name) for name in sorted(unused))
        else:
            edits += _rewritten(offsets, part, unused - asked, unused & asked)
            dropped += sorted(unused - asked)
    return Unused(tuple(edits), tuple(dropped), tuple(staying))


def _offered(part: Part) -> set[str]:
    """Return the names that a statement says are for others: `import name as name`."""
    node = part.node
    names = node.names if isinstance(node, ast.Import | ast.ImportFrom) else ()
    return {each.name for each in names if each.name == each.asname}


def asked_for(facts: ModuleFacts, importers: Importers, followed: Collection[str]) -> frozenset[str] | None:
    """Return the names that somebody may take from a module; None where that may be any."""
    bare = any(
        use.dotted.count(".") < (1 if site.imported.alias else site.imported.name.count(".") + 1)
        for site in importers.sites
        if site.name is None
        for use in site.uses
    )
    if bare or (any(site.name == "*" for site in importers.sites) and not facts.has_all):
        return None
    if facts.has_all and facts.exports is None:
        return None
    taken = {site.name for site in importers.sites if site.name}
    read = {part for chain in importers.chains for part in chain.use.dotted.split(".")[chain.length :][:1]}
    patched = {use.name.partition(".")[0] for use in importers.strings if use.name} - set(followed)
    return frozenset({*(facts.exports or ()), *taken, *read, *patched})


def _rewritten(offsets: Offsets, part: Part, gone: frozenset[str], offered: frozenset[str]) -> Iterator[Edit]:
    """Yield the edits that take names out of an import, and say of others that they are there for others."""
    node = part.node
    assert isinstance(node, ast.Import | ast.ImportFrom)
    bound = [each.asname or each.name.partition(".")[0] for each in node.names]
    if gone.issuperset(bound):
        yield Edit(part.start, part.end, "")
        return
    places = [offsets.place(each) for each in node.names]
    for place, each, name in zip(places, node.names, bound, strict=True):
        if name in offered and each.name == name:
            yield Edit(place.end, place.end, f" as {name}")
    leaving = [number for number, name in enumerate(bound) if name in gone]
    yield from without([(place.start, place.end) for place in places], leaving)
