"""Names that a caller imported for nothing but calls that go through the facade now.

A name goes where its statement imports others from the module too, so that the module is imported as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.listed import stretches, without
from orchestra_codemods.migrations.split.unused import asked_for
from orchestra_codemods.names import Guard, ImportSite, Place, binding_scope, importers_of, names_of
from orchestra_codemods.project import Project


def needless_imports(
    project: Project, path: str, edits: Iterable[Edit]
) -> Iterator[tuple[set[str], list[Edit]]]:
    """Yield names that no code of a file uses after edits of it, with the edits that take them away."""
    facts = names_of(project).facts(path)
    assert facts is not None
    gone = [(edit.start, edit.end) for edit in edits if edit.start < edit.end]
    asked: frozenset[str] | None = None
    for site in facts.imports:
        if not site.is_from or site.guard is not Guard.NONE or len(site.names) < 2:
            continue
        needless = [
            item
            for item, one in enumerate(site.names)
            if (uses := _uses(project, path, site, one.bound))
            and all(any(start <= use.start and use.end <= end for start, end in gone) for use in uses)
        ]
        if needless and not site.scope:
            asked = asked_for(facts, importers_of(project, path), ()) if asked is None else asked
            needless = [
                item for item in needless if asked is not None and site.names[item].bound not in asked
            ]
        if needless and len(needless) < len(site.names):
            yield {site.names[item].bound for item in needless}, list(without(stretches(site), needless))


def _uses(project: Project, path: str, site: ImportSite, name: str) -> list[Place]:
    names = names_of(project)
    facts = names.facts(path)
    return [
        use.place
        for use in (facts.uses if facts else ())
        if use.dotted.partition(".")[0] == name and binding_scope(names, path, name, use.scope) == site.scope
    ]
