"""A project in which classes stand in modules of their own, and what it takes to get there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from orchestra_codemods.change import Change, Edit, apply_edits
from orchestra_codemods.inventory.model import Inventory, LegacyOrchestrator
from orchestra_codemods.migrations.callers import CallerEdit
from orchestra_codemods.migrations.cycles import loaded_by
from orchestra_codemods.migrations.decisions import Decisions
from orchestra_codemods.migrations.lineage import Key, key_of
from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.migrations.placement import Placement, stay
from orchestra_codemods.migrations.split.extraction import Extraction, extracted
from orchestra_codemods.migrations.style import Order, edited, spaced, style_of
from orchestra_codemods.names import Importers, names_of
from orchestra_codemods.project import Project

_CIRCLE = "the code that would leave imports {path}, which would wait for it"
_REMEDY = "Change this first, or use `--placement in-place`."


@dataclass(frozen=True, slots=True)
class Apart:
    """What becomes of modules that are to be split.

    ``project`` and ``placements`` are as if somebody had written the classes in files of their own, with
    ``changes`` from what there is. ``obstacles`` has the modules that cannot be split, ``whole`` those in
    which nothing else is. ``staying`` has the imports that a module has for others only, by line and name.
    """

    project: Project
    placements: tuple[Placement, ...]
    changes: tuple[Change, ...]
    obstacles: Mapping[Placement, tuple[Obstacle, ...]]
    whole: tuple[Placement, ...]
    staying: Mapping[Placement, tuple[tuple[int, str], ...]]

    def from_the_start(self, changes: Iterable[Change]) -> tuple[Change, ...]:
        """Return changes of ``project`` as changes of what there is."""
        waiting = {change.path: change for change in self.changes}
        found = []
        for change in changes:
            first = waiting.pop(change.before.path if change.before else change.path, None)
            found.append(change if first is None else _joined(first, change))
        return tuple(sorted((*found, *waiting.values()), key=lambda change: change.path))


def apart(
    project: Project,
    moves: Sequence[Placement],
    others: Sequence[Placement],
    *,
    importers: Mapping[str, Importers],
    take: Callable[[Project], Inventory],
    decisions: Decisions,
) -> Apart:
    """Return what splitting the modules of ``moves`` comes to; each says where its classes would go.

    ``others`` are the modules that are migrated in the same run and not split.
    """
    split: dict[Placement, Extraction] = {}
    obstacles: dict[Placement, tuple[Obstacle, ...]] = {}
    whole: list[Placement] = []
    for move in moves:
        found = extracted(project, move, importers[move.path])
        if found is None:
            whole.append(move)
        elif not isinstance(found, Extraction):
            obstacles[move] = found
        elif stuck := tuple(_left(move, found, decisions)):
            obstacles[move] = stuck
        else:
            split[move] = found
    while True:
        changes = tuple(_changes(project, split))
        after = project.updated(changes)
        waits = [move for move in split if move.path in loaded_by(names_of(after), [move.new_path])]
        for move in waits:
            obstacles[move] = (Obstacle(1, _CIRCLE.format(path=move.path), _REMEDY),)
            del split[move]
        if not waits:
            break
    known = {key_of(one): one for one in take(after).orchestrators if one.refused is None}
    placements = (*(_refreshed(each, known) for each in others), *(_placement(move, known) for move in split))
    staying = {move: found.unused.staying for move, found in split.items()}
    alone = tuple(_refreshed(each, known) for each in whole)
    return Apart(after, placements, changes, obstacles, alone, staying)


def _left(move: Placement, found: Extraction, decisions: Decisions) -> Iterator[Obstacle]:
    for one in found.strings:
        if decisions.leaves(one.path, move.targets):
            why = (
                f"{one.path} replaces {one.names[0]}, which would be {one.names[1]}, and is to stay as it is"
            )
            yield Obstacle(1, f"its class cannot be taken out: {why}", _REMEDY)


def _refreshed(placement: Placement, known: Mapping[Key, LegacyOrchestrator]) -> Placement:
    """Return a placement with its callers where they are now."""
    targets = tuple(
        replace(target, callers=known[key_of(target)].callers) if key_of(target) in known else target
        for target in placement.targets
    )
    return replace(placement, targets=targets)


def _placement(move: Placement, known: Mapping[Key, LegacyOrchestrator]) -> Placement:
    """Return where the classes of a module are now; what was found out about them with it stays."""
    targets = []
    for target in move.targets:
        fresh = known[move.new_path, target.class_name]
        targets.append(
            replace(
                target,
                module=move.new_module,
                path=move.new_path,
                line=fresh.line,
                end_line=fresh.end_line,
                background_tasks=fresh.background_tasks,
                callers=fresh.callers,
            )
        )
    here = Placement(move.new_path, move.new_module, move.new_path, move.new_module, tuple(targets))
    return replace(stay(here, ""), taken_from=(move.path, move.module))


def _changes(project: Project, split: Mapping[Placement, Extraction]) -> Iterator[Change]:
    edits: dict[str, dict[Edit, None]] = {}
    units: dict[str, set[str]] = {}
    strings: dict[str, set[tuple[str, str]]] = {}
    for move, extraction in split.items():
        because = f"{' and '.join(one.class_name for one in move.targets)} leaves {move.module}"
        yield Change(None, extraction.source, because, move.units)
        for path, edit in (*((move.path, edit) for edit in extraction.edits), *_placed(extraction.strings)):
            edits.setdefault(path, {})[edit] = None
            units.setdefault(path, set()).update(move.units)
        for one in extraction.strings:
            strings.setdefault(one.path, set()).add(one.names)
    old = {move.path for move in split}
    order = Order(project)
    for path in sorted(edits):
        before = project.sources[path]
        if path in old:
            style, may_move = style_of(project, path), partial(order.is_free, path)
            after = before.with_text(spaced(edited(before.text, edits[path], style, may_move)))
            because = "the class is taken back from its new module"
        else:
            after = before.with_text(apply_edits(before.text, edits[path]))
            because = "names went along"
        names = () if path in old else tuple(sorted(strings.get(path, ())))
        unused = tuple(name for move in split if move.path == path for name in split[move].unused.names)
        yield Change(before, after, because, tuple(sorted(units[path])), names=names, unused=unused)


def _placed(strings: Iterable[CallerEdit]) -> Iterator[tuple[str, Edit]]:
    return ((one.path, one.edit) for one in strings)


def _joined(first: Change, then: Change) -> Change:
    is_declared = bool(first.names) and bool(then.names or then.calls)
    return replace(
        then,
        before=first.before,
        unused=(*first.unused, *then.unused),
        because=f"{first.because}; {then.because}",
        units=tuple(sorted({*first.units, *then.units})),
        names=(*first.names, *then.names) if is_declared else (),
        calls=then.calls if is_declared else (),
    )
