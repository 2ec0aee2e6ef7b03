"""Comments that keep nothing: what they stood for is gone, or was never found."""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.change import Finding, Span
from orchestra_codemods.deprecations.record import PATH, read_records
from orchestra_codemods.inventory.model import Inventory, Mention
from orchestra_codemods.names import files_with, keeps, names_of
from orchestra_codemods.project import Project

_MESSAGE = "`# orchestra: keep` keeps nothing here: delete the comment"


def unused_keeps(project: Project, inventory: Inventory, unit: str) -> Iterator[Finding]:
    """Yield the comments on lines that no migration would touch.

    A line that still names a module which moved is none of them: keeping the old name is what it is for.
    """
    names = names_of(project)
    moved = {record.name.rpartition(".")[2] for record in read_records(project.sources.get(PATH))}
    used = _used(inventory)
    for path in files_with(project, ["orchestra"], project.sources.python_paths()):
        if names.facts(path) is None:
            continue
        text = project.sources[path].text
        lines = text.splitlines()
        for line, kept in keeps(text).items():
            here = "\n".join(lines[kept.start - 1 : kept.stop - 1])
            if not used.get(path, set()).intersection(kept) and not any(stem in here for stem in moved):
                yield Finding(unit, path, Span(line), _MESSAGE)


def _used(inventory: Inventory) -> dict[str, set[int]]:
    used: dict[str, set[int]] = {}
    for place in inventory.mentions.places:
        if place.category is Mention.SUPPRESSED:
            used.setdefault(place.path, set()).add(place.line)
    for target in inventory.orchestrators:
        used.setdefault(target.path, set()).add(target.line)
        for caller in target.callers:
            lines = range(caller.line, caller.line + caller.text.count("\n") + 1)
            used.setdefault(caller.path, set()).update(lines)
    return used
