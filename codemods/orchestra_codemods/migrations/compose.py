"""All changes that a set of placements makes, and what follows from them elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from posixpath import dirname

from orchestra_codemods.change import Change, Edit, Finding, Refusal, Span, apply_edits
from orchestra_codemods.deprecations.strict_tests import filter_edit
from orchestra_codemods.deprecations.users import users_of
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.adapters import adapter_change
from orchestra_codemods.migrations.callers import CallerEdit, caller_edits, left
from orchestra_codemods.migrations.class_file import class_file_edits
from orchestra_codemods.migrations.cycles import Cycle, cycles_of
from orchestra_codemods.migrations.decisions import Calls, Decisions
from orchestra_codemods.migrations.eager import Dependencies, eager_of
from orchestra_codemods.migrations.edited import Files
from orchestra_codemods.migrations.explicit import Routing
from orchestra_codemods.migrations.exports import export_edits
from orchestra_codemods.migrations.facade import needless_imports, redirected
from orchestra_codemods.migrations.lineage import key_of
from orchestra_codemods.migrations.offers import Accessors, offered_edits
from orchestra_codemods.migrations.page import Users, built_lines, page_path, page_text
from orchestra_codemods.migrations.placement import Placement, stay
from orchestra_codemods.migrations.record import PATH as RECORD_PATH
from orchestra_codemods.migrations.record import with_records, without_record
from orchestra_codemods.migrations.reexports import Deferred, reexport_edits
from orchestra_codemods.migrations.shim import shim_text
from orchestra_codemods.migrations.style import Order, edited, style_of, written
from orchestra_codemods.migrations.taken import TakenModule, taken_edits
from orchestra_codemods.migrations.wiring import wiring_edits
from orchestra_codemods.names import Importers, importers_of_all, names_of
from orchestra_codemods.project import Project
from orchestra_codemods.source import PYTHON_SUFFIXES, Source


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person decides for a whole run. Nothing here is read from the clock."""

    owner: str | None
    remove_on: date
    callers: Calls = "imports"
    decisions: Decisions = field(default_factory=Decisions)
    routing: Routing = "inherited"
    accessors: Accessors = "kept"
    dependencies: Dependencies = "eager"


@dataclass(frozen=True, slots=True)
class Composition:
    """Where everything goes, what changes and what of the callers does not.

    ``project`` is the one in which the placements are: one with classes in files of their own already, where
    they were taken out of their modules. ``notes`` say what was left for a person to look at.
    """

    project: Project
    placements: tuple[Placement, ...]
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Finding, ...] = ()


def compose(
    project: Project, placements: Sequence[Placement], terms: Terms, adapters: Sequence[Placement] = ()
) -> Composition:
    """Return what the placements come to; a module whose move would make a circle of imports stays."""
    current = tuple(placements)
    importers = importers_of_all(project, [place.path for place in placements])
    deferred: frozenset[tuple[str, int]] = frozenset()
    while True:
        made = _once(project, current, terms, importers, deferred, adapters=adapters)
        after = project.updated(made.changes)
        circles = _circles(after, current)
        hard = {
            place: found
            for place, circle in circles.items()
            if (found := _hard(circle, deferred, place, terms.decisions))
        }
        soft = {(one.path, one.line) for circle in circles.values() for one in circle}
        if hard:
            current = tuple(_stay_for(place, hard[place]) if place in hard else place for place in current)
            deferred = frozenset()
        elif soft:
            before = {
                (path, line)
                for place in current
                if place.is_move
                for path, line in _lines_of(importers[place.path])
                if any(path == one[0] for one in soft)
            }
            deferred |= before
        else:
            return made


def _circles(after: Project, placements: Sequence[Placement]) -> dict[Placement, list[Cycle]]:
    moves = [place for place in placements if place.is_move]
    importers = importers_of_all(after, [place.new_path for place in moves])
    return {place: list(cycles_of(after, place.new_path, importers[place.new_path])) for place in moves}


def _hard(
    circle: Sequence[Cycle], deferred: frozenset[tuple[str, int]], place: Placement, decisions: Decisions
) -> Cycle | None:
    """Return the first import that cannot or may not be put off, or that was and still fails."""
    put_off = {path for path, _ in deferred}
    return next(
        (
            one
            for one in circle
            if not one.is_reexport or one.path in put_off or decisions.leaves(one.path, place.targets)
        ),
        None,
    )


def _stay_for(place: Placement, circle: Cycle) -> Placement:
    return stay(place, f"moved, it would import itself half made through line {circle.line} of {circle.path}")


def _lines_of(importers: Importers) -> Iterator[tuple[str, int]]:
    return ((site.path, site.site.place.line) for site in importers.sites)


def _once(
    project: Project,
    placements: Sequence[Placement],
    terms: Terms,
    importers: Mapping[str, Importers],
    deferred: frozenset[tuple[str, int]],
    *,
    adapters: Sequence[Placement],
) -> Composition:
    files = Files()
    refusals: list[Refusal] = []
    moves = [place for place in placements if place.is_move]
    together = frozenset(key_of(target) for place in placements for target in place.targets)
    for place in placements:
        because = _becoming([one.class_name for one in place.targets])
        for edit in class_file_edits(
            project,
            place,
            together,
            importers[place.path],
            routing=terms.routing,
            dependencies=terms.dependencies,
        ):
            files.add(place.path, edit, place.units, because)
        for edit in offered_edits(project, place, importers[place.path]) if _offers(terms) else ():
            files.add(place.path, edit, place.units, because)
        files.others.add(place.path)
    left: dict[str, list[Refusal]] = {}
    for place in moves:
        asked = _asked(importers[place.path], place, terms.decisions)
        left[place.path] = list(_callers(project, place, asked, deferred, files))
        refusals += left[place.path]
    refusals += _taken(project, files)
    _defer(project, files)
    for found in _redirect(project, placements, terms, files):
        left.setdefault(found.unit, []).append(found)
        refusals.append(found)
    _wire(project, [*placements, *adapters], importers if _offers(terms) else {}, files)
    tolerated = filter_edit(project) if moves else None
    if tolerated is not None:
        because = "tests must not fail for a warning about an old module"
        files.add("pyproject.toml", tolerated, [unit for move in moves for unit in move.units], because)
    changes = [*_edited(project, files, moves), *_shims(project, moves, terms, importers)]
    changes += (_styled(project, adapter) for adapter in adapters)
    changes += _records(project, moves, terms, changes)
    changes += _pages(project, [*placements, *adapters], terms, files, left)
    ordered = tuple(sorted(changes, key=lambda change: change.path))
    return Composition(project, (*placements, *adapters), ordered, tuple(refusals))


def _asked(importers: Importers, place: Placement, decisions: Decisions) -> Importers:
    """Return the importers without the files that are to stay as they are."""

    def stays(path: str) -> bool:
        return decisions.leaves(path, place.targets)

    return replace(
        importers,
        sites=tuple(each for each in importers.sites if not stays(each.path)),
        chains=tuple(each for each in importers.chains if not stays(each.path)),
        strings=tuple(each for each in importers.strings if not stays(each.path)),
    )


def _callers(
    project: Project,
    place: Placement,
    importers: Importers,
    deferred: frozenset[tuple[str, int]],
    files: Files,
) -> Iterator[Refusal]:
    because = f"{place.module} moves to {place.new_module}"
    for site in importers.sites:
        if (site.path, site.site.place.line) in deferred and site.is_direct and site.name:
            files.deferred.setdefault(site.path, {})[site.site.place.start] = Deferred(site.site, place)
    for found in caller_edits(project, place, importers):
        if isinstance(found, Refusal):
            yield found
            continue
        if isinstance(found, TakenModule):
            files.taken.setdefault((found.site.path, found.site.site.place.start), []).append(found)
            continue
        if _inside_deferred(project, found, deferred):
            continue
        files.rename(found, place.units, because)


def _inside_deferred(project: Project, found: CallerEdit, deferred: frozenset[tuple[str, int]]) -> bool:
    line = project.sources[found.path].text.count("\n", 0, found.edit.start) + 1
    return (found.path, line) in deferred


def _defer(project: Project, files: Files) -> None:
    for path, found in sorted(files.deferred.items()):
        units = [unit for one in found.values() for unit in one.placement.units]
        moves = dict.fromkeys(one.placement for one in found.values())
        because = "; ".join(f"{one.module} moves to {one.new_module}" for one in moves)
        for edit in reexport_edits(project, path, list(found.values())):
            files.add(path, edit, units, because)
        files.others.add(path)


def _taken(project: Project, files: Files) -> Iterator[Refusal]:
    for (path, _), taken in sorted(files.taken.items(), key=lambda item: item[0]):
        edits = taken_edits(project, taken)
        if edits is None:
            yield left(taken[0].site, "it stands behind another statement on its line")
            continue
        units = [unit for one in taken for unit in one.placement.units]
        because = "; ".join(f"{one.placement.module} moves to {one.placement.new_module}" for one in taken)
        for edit in edits:
            for one in taken:
                files.rename(CallerEdit(path, edit, one.names), units, because)


def _redirect(
    project: Project, placements: Sequence[Placement], terms: Terms, files: Files
) -> Iterator[Refusal]:
    targets = {
        unit: [one] for place in placements for unit, one in zip(place.units, place.targets, strict=True)
    }

    def how(target: LegacyOrchestrator, path: str) -> Calls:
        return terms.decisions.about(target).calls_of(path, terms.callers)

    for found in redirected(project, placements, how):
        if terms.decisions.leaves(found.path, targets.get(found.unit, ())):
            continue
        if isinstance(found, Refusal):
            yield found
        elif not files.redirect(found, "calls go through the facade"):
            why = "unusual-form: the call is written with the name of the module that moves"
            remedy = "Import the name that is used, and migrate again."
            yield Refusal(found.unit, found.path, Span(found.call.line), why, remedy)
    for path, calls in sorted(files.redirected.items()):
        for names, edits in needless_imports(project, path, calls):
            files.unused.setdefault(path, set()).update(names)
            for edit in edits:
                files.add(path, edit, sorted(files.units[path]), "calls go through the facade")


def _offers(terms: Terms) -> bool:
    return terms.accessors == "offered"


def _wire(
    project: Project, placements: Sequence[Placement], offering: Mapping[str, Importers], files: Files
) -> None:
    home = dirname(names_of(project).index.find(project.config.package).path or "")  # type: ignore[union-attr]
    units = [unit for place in placements for unit in place.units]
    path = f"{home}/orchestrators.py"
    if path in project.sources:
        for edit in wiring_edits(project, path, placements, offering):
            files.add(path, edit, units, "the orchestrators are registered")
    for layer in sorted({place.layer for place in placements}):
        inside = [place for place in placements if place.layer == layer]
        path = f"{home}/{layer}/__init__.py"
        if path in project.sources:
            for edit in export_edits(project, path, inside):
                files.add(
                    path, edit, [one for place in inside for one in place.units], "the layer exports them"
                )


def _edited(project: Project, files: Files, moves: Sequence[Placement]) -> Iterator[Change]:
    moved = {move.path: move for move in moves}
    order = Order(project)
    for path, edits in sorted(files.edits.items()):
        before = project.sources[path]
        home = moved[path].new_path if path in moved else path
        after = before.with_text(_after(project, before, edits, home, partial(order.is_free, path)))
        because = "; ".join(files.reasons[path])
        units = tuple(sorted(files.units[path]))
        if path in moved:
            yield Change(None, after.moved_to(moved[path].new_path), because, units)
        elif after != before:
            names, calls = files.names_of(path), files.calls_of(path)
            unused = tuple(sorted(files.unused.get(path, ())))
            yield Change(before, after, because, units, names=names, calls=calls, unused=unused)


def _after(
    project: Project,
    before: Source,
    edits: Iterable[Edit],
    home: str,
    may_move: Callable[[Iterable[str]], bool],
) -> str:
    if not before.path.endswith(PYTHON_SUFFIXES):
        return apply_edits(before.text, edits)
    return edited(before.text, edits, style_of(project, home), may_move)


def _shims(
    project: Project, moves: Sequence[Placement], terms: Terms, importers: Mapping[str, Importers]
) -> Iterator[Change]:
    for move in moves:
        before = project.sources[move.path]
        facts = names_of(project).facts(move.path)
        assert facts is not None
        text = shim_text(move, facts, importers[move.path], terms.remove_on.isoformat())
        text = written(text, style_of(project, move.path), before.text)
        after = Source.new(move.path, text, newline=before.newline)
        yield Change(before, after, f"{move.module} hands everything on to {move.new_module}", move.units)


def _styled(project: Project, adapter: Placement) -> Change:
    change = adapter_change(project, adapter)
    assert change.after is not None
    like = project.sources[adapter.path].text
    text = written(change.after.text, style_of(project, adapter.new_path), like)
    return replace(change, after=change.after.with_text(text))


def _records(
    project: Project, moves: Sequence[Placement], terms: Terms, changes: Sequence[Change]
) -> Iterator[Change]:
    """Yield the change of the deprecation records, with who uses an old module after the other changes."""
    before = project.sources.get(RECORD_PATH)
    fresh = without_record(before, moves)
    if fresh:
        users = users_of(project.updated(changes), [move.path for move in fresh])
        after = with_records(before, fresh, users, terms.owner, terms.remove_on)
        units = tuple(sorted(unit for move in moves for unit in move.units))
        yield Change(before, after, "the old modules are due to go", units)


def _becoming(classes: Sequence[str]) -> str:
    """Say what classes become."""
    *others, last = classes
    return (
        f"{', '.join(others)} and {last} become orchestrators"
        if others
        else f"{last} becomes an orchestrator"
    )


def _pages(
    project: Project,
    placements: Sequence[Placement],
    terms: Terms,
    files: Files,
    left: Mapping[str, Sequence[Refusal]],
) -> Iterator[Change]:
    moving = {place.path for place in placements if not place.is_adapter}
    for place in placements:
        callers = sorted(path for path in files.mapping if set(place.units) & files.units[path])
        for target, unit in zip(place.targets, place.units, strict=True):
            path = page_path(target.name)
            if path not in project.sources:
                stays = (*left.get(place.path, ()), *left.get(unit, ()))
                kept = sorted(terms.decisions.about(target).callers_left)
                users = Users(tuple(callers), files.called.get(unit, Counter()), stays, kept)
                needs = [] if place.is_adapter else eager_of(project, target, moving)
                built = list(built_lines(needs, terms.dependencies))
                text = page_text(project, place, target, users, terms.remove_on, built=built)
                yield Change(None, Source.new(path, text), "the migration is written down", (unit,))
