"""`from package import module`, where modules move: each is taken from its new package, by its old name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.listed import stretches, without
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import ImporterSite
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class TakenModule:
    """One moving module in the list of names of a statement."""

    site: ImporterSite
    placement: Placement

    @property
    def names(self) -> tuple[str, str]:
        """The dotted name before and after."""
        return self.site.module, self.placement.renamed(self.site.module)

    @property
    def statement(self) -> str:
        """The statement that takes this module alone, under the name that it has in the file."""
        package, _, stem = self.names[1].rpartition(".")
        local = self.site.imported.alias or self.site.imported.name
        return f"from {package} import {stem}" + ("" if stem == local else f" as {local}")


def taken_edits(project: Project, taken: Sequence[TakenModule]) -> Iterator[Edit] | None:
    """Return the edits of a statement for all modules that leave it; None where it shares its line."""
    one = taken[0].site
    source = project.sources[one.path]
    statement = one.site
    start = statement.place.start
    indent = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    lines = [each.statement for each in sorted(taken, key=lambda each: each.site.item)]
    leaving = {each.site.item for each in taken}
    if len(leaving) == len(statement.names) == 1:
        return iter([Edit(start, statement.place.end, lines[0])])
    if indent.strip():
        return None
    text = f"{source.newline}{indent}".join(lines)
    if len(leaving) == len(statement.names):
        return iter([Edit(start, statement.place.end, text)])
    first = Edit(start, start, f"{text}{source.newline}{indent}")
    return iter([first, *without(stretches(statement), leaving)])
