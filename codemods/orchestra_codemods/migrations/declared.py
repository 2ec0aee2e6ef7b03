"""The edits of `--lazy`: a declaration in the class, and less in the constructor."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from orchestra_codemods.change import Edit, Finding, Span
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.eager import Judge, eager_of
from orchestra_codemods.migrations.placement import unit_of
from orchestra_codemods.names import ImportSite
from orchestra_codemods.project import Project


def lazy_edits(
    project: Project, target: LegacyOrchestrator, moving: Collection[str], lazy: str
) -> Iterator[Edit]:
    """Yield the edits that declare what can be built later; ``lazy`` is what that is called in the file."""
    judge = Judge(project, target, moving)
    wanted = [each for each in eager_of(project, target, moving) if not each.why]
    if not wanted:
        return
    source = project.sources[target.path]
    offsets = judge.offsets
    built = [judge.built[each.attribute] for each in wanted]
    unit = " " * judge.constructor.col_offset
    lines = [
        f"{unit}{one.attribute} = {lazy}({judge.source_of(one)}, close=False){judge.comment_of(one)}"
        for one in built
    ]
    at = _above(source.text, offsets.offset(judge.constructor.lineno, 0))
    yield Edit(at, at, source.newline.join([*lines, "", ""]))
    for one in built:
        place = offsets.place(one.statement)
        if one.given is not None:
            value = offsets.place(one.statement.value)
            yield Edit(value.start, value.end, one.given)
        else:
            yield Edit(*_lines(source.text, place.start, place.end), "")
    gone = {one.name for one in built}
    for site in {judge.site_of(one.name) for one in built} - {None}:
        assert site is not None
        yield _without(source.text, site, gone)


def _without(text: str, site: ImportSite, gone: Collection[str]) -> Edit:
    """Return the edit that leaves of an import what is used besides; its module keeps its place."""
    left = [each for each in site.names if each.bound not in gone]
    if not left or site.module_place is None:
        return Edit(*_lines(text, site.place.start, site.place.end), "")
    names = (each.name if each.bound == each.name else f"{each.name} as {each.bound}" for each in left)
    return Edit(site.module_place.end, site.place.end, f" import {', '.join(names)}")


def uses_lazy(project: Project, target: LegacyOrchestrator, moving: Collection[str]) -> bool:
    """Tell whether anything that a constructor builds can be declared."""
    return any(not each.why for each in eager_of(project, target, moving))


def what_stays(project: Project, target: LegacyOrchestrator, moving: Collection[str]) -> Iterator[Finding]:
    """Yield what goes on being built with the orchestrator, for the report."""
    for each in eager_of(project, target, moving):
        if each.why:
            message = f"{each.name} is still built with {target.class_name}: {each.why}"
            yield Finding(unit_of(target.name), target.path, Span(each.line), message)


def _above(text: str, start: int) -> int:
    """Return where the comments that stand directly above a line begin."""
    while start > 0:
        line = text.rfind("\n", 0, start - 1) + 1
        if not text[line:start].lstrip(" \t\f").startswith("#"):
            break
        start = line
    return start


def _lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the lines of a statement begin and end."""
    last = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, len(text) if last < 0 else last + 1
