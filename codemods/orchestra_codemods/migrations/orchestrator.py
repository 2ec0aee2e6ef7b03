"""The migration of orchestrators, as one unit of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from orchestra.errors import OrchestraError
from orchestra_codemods.change import Finding, Refusal, Span
from orchestra_codemods.inventory.model import Inventory, LegacyOrchestrator
from orchestra_codemods.migrations.adapters import adapter_of, is_adapted
from orchestra_codemods.migrations.background import background_obstacles
from orchestra_codemods.migrations.bases import obstacles_of_bases
from orchestra_codemods.migrations.compose import Composition, Terms, compose
from orchestra_codemods.migrations.decisions import Calls, Decisions
from orchestra_codemods.migrations.declared import what_stays
from orchestra_codemods.migrations.doubts import doubts
from orchestra_codemods.migrations.eager import Dependencies
from orchestra_codemods.migrations.explicit import Routing, explicit_obstacles
from orchestra_codemods.migrations.heirs import obstacles_of_heirs
from orchestra_codemods.migrations.immovable import reasons_of_strangers, reasons_to_stay
from orchestra_codemods.migrations.lineage import Key, is_orchestrator, key_of, parent_of, subclasses_of
from orchestra_codemods.migrations.looked_through import looks_through
from orchestra_codemods.migrations.obstacles import (
    Obstacle,
    obstacles_of,
    obstacles_of_subclass,
)
from orchestra_codemods.migrations.offers import Accessors
from orchestra_codemods.migrations.placement import Placement, Where, place, stay, unit_of
from orchestra_codemods.migrations.programs import obstacles_of_programs
from orchestra_codemods.migrations.reliance import obstacles_of_reliance
from orchestra_codemods.migrations.shape import ClassShape, shapes_in
from orchestra_codemods.migrations.split import apart
from orchestra_codemods.migrations.stored_names import reasons_of_stored_names
from orchestra_codemods.migrations.unused_keeps import unused_keeps
from orchestra_codemods.migrations.wiring import has_registry, unwritten
from orchestra_codemods.names import Importers, files_with, importers_of_all, kept_lines, names_of
from orchestra_codemods.project import Project
from orchestra_codemods.unit import Contribution


class PackageMissingError(OrchestraError):
    """There is no package to put orchestrators in."""

    code = "package-not-initialized"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateOrchestrators:
    """Make legacy classes orchestrators of the framework, and redirect their callers.

    ``names`` are the orchestrators' names in the inventory; empty means all. ``remove_on`` is the day from
    which an old module may go. ``callers`` says whether only imports change, or calls as well; ``routing``
    whether classes inherit `orchestrate()` or get the guide's; ``dependencies`` whether what constructors
    build is declared with `lazy(…)` where nobody sees that. ``decisions`` win over them and over what the
    inventory proposes. ``without`` names units that failed verification and are left out.
    """

    names: tuple[str, ...] = ()
    placement: Where = "auto"
    callers: Calls = "imports"
    routing: Routing = "inherited"
    accessors: Accessors = "kept"
    dependencies: Dependencies = "eager"
    owner: str | None = None
    remove_on: date
    decisions: Decisions = field(default_factory=Decisions)
    without: frozenset[str] = frozenset()
    take: Callable[[Project], Inventory]
    slug: str = "migrate"

    def leaving_out(self, units: Iterable[str]) -> MigrateOrchestrators:
        """Return the same migration without some of its targets."""
        return replace(self, without=self.without | frozenset(units))

    def contribute(self, project: Project) -> Iterator[Contribution]:
        """Yield refusals, and the changes of everything that is not refused."""
        refusals, composition = self.compose(project)
        yield from refusals
        if not self.names:
            yield from unused_keeps(project, self.take(project), self.slug)
        if composition is not None:
            yield from composition.refusals
            yield from composition.changes
            yield from composition.notes
            for placed in composition.placements:
                yield from unwritten(composition.project, placed)
            if composition.placements:
                done = {unit for placed in composition.placements for unit in placed.units}
                targets = [one for one in self._inventory(project).orchestrators if unit_of(one.name) in done]
                yield from doubts(project, self.slug, targets)
                yield from self._built_as_before(composition)

    def _built_as_before(self, composition: Composition) -> Iterator[Finding]:
        placed = [each for each in composition.placements if not each.is_adapter]
        moving = {each.path for each in placed}
        for target in (one for each in placed for one in each.targets if self.dependencies == "lazy"):
            yield from what_stays(composition.project, target, moving)

    def compose(self, project: Project) -> tuple[list[Refusal], Composition | None]:
        """Return who is refused, and what the others come to.

        Raises PackageMissingError where `orchestra init` has not been run.
        """
        refusals, accepted, adapters = self._accepted(project)
        chosen: dict[str, list[LegacyOrchestrator]] = {}
        for target in accepted:
            chosen.setdefault(target.path, []).append(target)
        if not chosen and not adapters:
            return refusals, None
        _require_package(project)
        placements = []
        importers = importers_of_all(project, sorted(chosen))
        for path, targets in sorted(chosen.items()):
            placed = self._placed(project, path, targets, importers[path])
            if isinstance(placed, Placement):
                placements.append(placed)
            else:
                refusals += placed
        split = [each for each in placements if self._where(each.targets) == "split"]
        if split:
            return self._split(project, placements, split, importers, refusals, adapters=adapters)
        if not placements and not adapters:
            return refusals, None
        return refusals, compose(project, placements, self._terms, adapters)

    def _split(
        self,
        project: Project,
        placements: Sequence[Placement],
        split: Sequence[Placement],
        importers: Mapping[str, Importers],
        refusals: list[Refusal],
        *,
        adapters: Sequence[Placement],
    ) -> tuple[list[Refusal], Composition | None]:
        """Take classes out of their modules first; those that have theirs for themselves move with it."""
        others = [each for each in placements if each not in split]
        parted = apart(project, split, others, importers=importers, take=self.take, decisions=self.decisions)
        refusals += [
            _refusal(one, Obstacle(one.line, found[0].why, found[0].what_to_do))
            for move, found in parted.obstacles.items()
            for one in move.targets
        ]
        found = list(parted.placements)
        for move in parted.whole:
            reasons = list(reasons_to_stay(project, move, importers[move.path]))
            if reasons:
                refusals += _immovable(move, reasons[0])
            else:
                found.append(move)
        if not found and not adapters:
            return refusals, None
        made = compose(parted.project, found, self._terms, adapters)
        notes = tuple(
            Finding(
                move.units[0],
                move.path,
                Span(line),
                f"{name} is imported for others at most: nothing here uses it any more",
            )
            for move, staying in parted.staying.items()
            for line, name in staying
        )
        return refusals, replace(made, changes=parted.from_the_start(made.changes), notes=notes)

    def _where(self, targets: Sequence[LegacyOrchestrator]) -> Where:
        return self.decisions.placement_of(targets, self.placement)

    @property
    def _terms(self) -> Terms:
        return Terms(
            self.owner,
            self.remove_on,
            self.callers,
            self.decisions,
            self.routing,
            self.accessors,
            self.dependencies,
        )

    def _inventory(self, project: Project) -> Inventory:
        return self.decisions.applied(self.take(project))

    def _accepted(self, project: Project) -> tuple[list[Refusal], list[LegacyOrchestrator], list[Placement]]:
        """Return who is refused, who is not, and who gets an adapter.

        Bases are judged before their heirs: one that stays is to them a base like any other, unless it
        stays for the sake of code that may be given an heir in its place.
        """
        wanted = {key_of(target): target for target in self._wanted(project)}
        found: dict[Key, list[Obstacle]] = {}
        asked: dict[Key, bool] = {}
        for key in wanted:
            self._judge(project, key, wanted, found, asked)
        accepted = [one for key, one in wanted.items() if not found[key]]
        adapters = self._adapters(project, wanted, found)
        refused = [_refusal(wanted[key], one) for key in wanted if key not in adapters for one in found[key]]
        # A module that changes for another class in it may move: its adapters are made in the next round.
        changing = {one.path for one in accepted}
        return refused, accepted, [placed for key, placed in adapters.items() if key[0] not in changing]

    def _judge(
        self,
        project: Project,
        key: Key,
        wanted: Mapping[Key, LegacyOrchestrator],
        found: dict[Key, list[Obstacle]],
        asked: dict[Key, bool],
    ) -> None:
        """Find what stands against a class; ``asked`` are bases, and whether others ask something of them."""
        if key in found:
            return
        found[key] = []  # a class that inherits itself ends here
        target, known = wanted[key], wanted
        left = None if target.refused else self._base_left_behind(project, target, wanted)
        if left is not None:
            why = f"its base {left.class_name} in {left.path} is not migrated with it"
            remedy = f"Migrate them together: `orchestra migrate {left.name} {target.name}`."
            found[key] = [Obstacle(target.line, why, remedy)]
            return
        parent = _parent(project, target, wanted)
        if parent is not None and parent in wanted:
            self._judge(project, parent, wanted, found, asked)
            if found[parent]:
                known = {other: one for other, one in wanted.items() if other != parent}
                if parent not in asked:
                    asked[parent] = _stays_for_others(project, wanted[parent])
                if target.refused is None and asked[parent]:
                    found[key] = [_orphaned(target, parent)]
                    return
        found[key] = list(self._obstacles_of(project, target, known))

    def _adapters(
        self,
        project: Project,
        wanted: Mapping[Key, LegacyOrchestrator],
        found: Mapping[Key, Sequence[Obstacle]],
    ) -> dict[Key, Placement]:
        """Return the adapters of those that are refused for nothing but what an adapter is a way round."""
        adapters = {}
        for key, one in wanted.items():
            if one.refused is None and found[key] and all(each.has_adapter for each in found[key]):
                _require_package(project)
                placed = adapter_of(project, one)
                adapters.update({key: placed} if placed else {})
        return adapters

    def _wanted(self, project: Project) -> Iterator[LegacyOrchestrator]:
        for target in self._inventory(project).orchestrators:
            is_named = not self.names or target.name in self.names
            if (
                is_named
                and unit_of(target.name) not in self.without
                and not self.decisions.about(target).is_skipped
                and not is_orchestrator_itself(project, target)
                and not is_adapted(project, target)
            ):
                yield target

    def _obstacles_of(
        self, project: Project, target: LegacyOrchestrator, wanted: Mapping[Key, LegacyOrchestrator]
    ) -> Iterator[Obstacle]:
        if target.refused is not None:
            yield Obstacle(target.line, target.refused.why, target.refused.what_to_do)
            return
        unread = _unread_mention(project, self.take(project), target)
        if unread is not None:
            path, why = unread
            yield Obstacle(target.line, f"{path} names it, and {why}", f"Mend {path} first.")
            return
        shapes = shapes_in(project.sources[target.path].text, target.class_name)
        if len(shapes) != 1:
            why = f"{target.class_name} is defined {len(shapes)} times at the top level of its file"
            yield Obstacle(target.line, why, "Leave one definition, at the top level of the file.")
            return
        yield from _obstacles(project, target, shapes[0], wanted)
        if self.routing == "explicit":
            yield from explicit_obstacles(project, target, shapes[0])
        for heir in self._heirs_left_behind(project, target, wanted):
            why = f"{heir.class_name} in {heir.path} inherits it and is not migrated with it"
            remedy = f"Migrate them together: `orchestra migrate {target.name} {heir.name}`."
            yield Obstacle(target.line, why, remedy)

    def _heirs_left_behind(
        self, project: Project, target: LegacyOrchestrator, wanted: Mapping[Key, LegacyOrchestrator]
    ) -> Iterator[LegacyOrchestrator]:
        """Yield the heirs of a target that were not asked for: later they would pass for migrated."""
        known = {key_of(one): one for one in self._inventory(project).orchestrators if one.refused is None}
        for path, shape in subclasses_of(project, key_of(target)):
            heir = known.get((path, shape.name))
            if heir is None or key_of(heir) in wanted or unit_of(heir.name) in self.without:
                continue
            if not is_adapted(project, heir):
                yield heir

    def _base_left_behind(
        self, project: Project, target: LegacyOrchestrator, wanted: Mapping[Key, LegacyOrchestrator]
    ) -> LegacyOrchestrator | None:
        """Return the base of a target that nobody asked for, or that was skipped."""
        known = {key_of(one): one for one in self._inventory(project).orchestrators if one.refused is None}
        parent = _parent(project, target, known)
        base = known.get(parent) if parent is not None else None
        if base is None or parent in wanted or unit_of(base.name) in self.without:
            return None
        return None if is_orchestrator_itself(project, base) or is_adapted(project, base) else base

    def _placed(
        self, project: Project, path: str, targets: Sequence[LegacyOrchestrator], importers: Importers
    ) -> Placement | list[Refusal]:
        names = names_of(project)
        if names.index.module(path) is None:
            why = names.index.shadowed_by(path) or "a name that cannot be imported"
            obstacle = Obstacle(1, f"the file cannot be imported: {why} hides it", "Rename the file.")
            return [_refusal(target, obstacle) for target in targets]
        programs = list(obstacles_of_programs(project, path))
        if programs:
            return [_refusal(target, programs[0]) for target in targets]
        moved = place(names.index, project.config.package, path, tuple(targets))
        asked = self._where(targets)
        if asked != "split":
            seen = list(_seen_among_names(project, path, moved.module, importers))
            if seen:
                return [_refusal(target, seen[0]) for target in targets]
        if asked == "in-place":
            return stay(moved, "it was asked for")
        reasons = list(dict.fromkeys(reasons_to_stay(project, moved, importers)))
        if asked == "auto":
            reasons += reasons_of_strangers(project, moved, importers)
            reasons += reasons_of_stored_names(project, path)
            return stay(moved, "; ".join(reasons)) if reasons else moved
        return moved if not reasons or asked == "split" else _immovable(moved, reasons[0])


def _seen_among_names(project: Project, path: str, module: str, importers: Importers) -> Iterator[Obstacle]:
    """Yield where all names of a module count, whoever defined them; the framework's would be among them."""
    for look in looks_through(project, path, module, importers):
        if not look.by_module:
            why = (
                f"line {look.line} of {look.path} looks through all names of {module}, "
                "and the framework adds BaseOrchestrator and others"
            )
            yield Obstacle(1, why, "Take there what `__module__` says is the module's own, or use a list.")


def _obstacles(
    project: Project, target: LegacyOrchestrator, shape: ClassShape, wanted: Mapping[Key, LegacyOrchestrator]
) -> Iterator[Obstacle]:
    text = project.sources[target.path].text
    if shape.line in kept_lines(text):
        yield Obstacle(shape.line, "`# orchestra: keep` stands on the class", "Delete the comment.")
    yield from background_obstacles(text, target)
    if parent_of(project, target.path, shape, wanted):
        yield from obstacles_of_subclass(shape)
    else:
        yield from obstacles_of(shape)
        yield from obstacles_of_bases(project, names_of(project), target.path, shape)
    yield from obstacles_of_heirs(project, target, shape, wanted)
    yield from obstacles_of_reliance(project, target, shape)


def _unread_mention(
    project: Project, inventory: Inventory, target: LegacyOrchestrator
) -> tuple[str, str] | None:
    """Return a Python file that could not be parsed and names a target or its module, with the reason."""
    package, _, stem = target.module.rpartition(".")
    problems = {
        path: why for path, why in inventory.problems if path.endswith(".py") and path in project.sources
    }
    suspects = files_with(project, [stem], problems)
    folder = target.path.rpartition("/")[0]
    near = {path for path in suspects if path.rpartition("/")[0] == folder}
    if package:  # a stem such as `models` is a word of many files that mean another module
        suspects = files_with(project, [package.rpartition(".")[2]], suspects)
    found = sorted({*near, *suspects, *files_with(project, [target.class_name], problems)})
    return (found[0], problems[found[0]]) if found else None


def _orphaned(target: LegacyOrchestrator, parent: Key) -> Obstacle:
    why = f"its base {parent[1]} is refused for what others ask of it, and may ask of this one"
    return Obstacle(target.line, why, "Migrate the base first.")


def _stays_for_others(project: Project, target: LegacyOrchestrator) -> bool:
    """Tell whether code outside of a class would see a difference, as it would in an heir."""
    shapes = shapes_in(project.sources[target.path].text, target.class_name)
    return any(True for shape in shapes for _ in obstacles_of_reliance(project, target, shape))


def is_orchestrator_itself(project: Project, target: LegacyOrchestrator) -> bool:
    """Tell whether the class of a target is an orchestrator of the framework already."""
    return is_orchestrator(project, key_of(target))


def _parent(
    project: Project, target: LegacyOrchestrator, wanted: Mapping[Key, LegacyOrchestrator]
) -> Key | None:
    shapes = shapes_in(project.sources[target.path].text, target.class_name)
    return parent_of(project, target.path, shapes[0], wanted) if len(shapes) == 1 else None


def _refusal(target: LegacyOrchestrator, obstacle: Obstacle) -> Refusal:
    unit = unit_of(target.name)
    return Refusal(unit, target.path, Span(obstacle.line), obstacle.why, obstacle.what_to_do)


def _immovable(move: Placement, why: str) -> list[Refusal]:
    remedy = "Use `--placement in-place`, or change this first."
    return [
        _refusal(one, Obstacle(one.line, f"its module cannot move: {why}", remedy)) for one in move.targets
    ]


def _require_package(project: Project) -> None:
    package = project.config.package
    found = names_of(project).index.find(package)
    home = found.path.rpartition("/")[0] if found is not None and found.path else None
    wiring = f"{home}/orchestrators.py"
    is_there = home is not None and wiring in project.sources and has_registry(project.sources[wiring].text)
    layers = [f"{home}/{layer}/__init__.py" for layer in ("domain", "application", "infrastructure")]
    if not is_there or not all(path in project.sources for path in layers):
        raise PackageMissingError(
            f"the package {package} is not there, or not as the migration needs it",
            hint=f"Run `orchestra init --package {package}` first.",
            package=package,
        )
