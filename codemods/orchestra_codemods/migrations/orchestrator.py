"""The migration of orchestrators, as one unit of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from orchestra.errors import OrchestraError
from orchestra_codemods.change import Refusal, Span
from orchestra_codemods.inventory.model import Inventory, LegacyOrchestrator
from orchestra_codemods.migrations.bases import obstacles_of_bases
from orchestra_codemods.migrations.class_file import is_done
from orchestra_codemods.migrations.compose import Composition, Terms, compose
from orchestra_codemods.migrations.immovable import reasons_to_stay
from orchestra_codemods.migrations.kept import kept_lines
from orchestra_codemods.migrations.obstacles import Obstacle, obstacles_of
from orchestra_codemods.migrations.placement import Placement, place, stay, unit_of
from orchestra_codemods.migrations.shape import ClassShape, shapes_in
from orchestra_codemods.migrations.wiring import has_registry
from orchestra_codemods.names import names_of
from orchestra_codemods.project import Project
from orchestra_codemods.unit import Contribution

Where = Literal["auto", "move", "in-place"]


class PackageMissingError(OrchestraError):
    """There is no package to put orchestrators in."""

    code = "package-not-initialized"


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateOrchestrators:
    """Make legacy classes orchestrators of the framework, and redirect the imports of their callers.

    ``names`` are the orchestrators' names in the inventory; empty means all. ``remove_on`` is the day from
    which an old module may go. ``without`` names units that failed verification and are left out.
    """

    names: tuple[str, ...] = ()
    placement: Where = "auto"
    owner: str | None = None
    remove_on: date
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
        if composition is not None:
            yield from composition.refusals
            yield from composition.changes

    def compose(self, project: Project) -> tuple[list[Refusal], Composition | None]:
        """Return who is refused, and what the others come to.

        Raises PackageMissingError where `orchestra init` has not been run.
        """
        refusals: list[Refusal] = []
        chosen: dict[str, list[LegacyOrchestrator]] = {}
        for target in self._wanted(project):
            found = list(self._refusals_of(project, target))
            refusals += found
            if not found:
                chosen.setdefault(target.path, []).append(target)
        if not chosen:
            return refusals, None
        _require_package(project)
        placements = []
        for path, targets in sorted(chosen.items()):
            placed = self._placed(project, path, targets)
            if isinstance(placed, Placement):
                placements.append(placed)
            else:
                refusals += placed
        if not placements:
            return refusals, None
        return refusals, compose(project, placements, Terms(self.owner, self.remove_on))

    def _wanted(self, project: Project) -> Iterator[LegacyOrchestrator]:
        for target in self.take(project).orchestrators:
            is_named = not self.names or target.name in self.names
            if is_named and unit_of(target.name) not in self.without and not _is_done(project, target):
                yield target

    def _refusals_of(self, project: Project, target: LegacyOrchestrator) -> Iterator[Refusal]:
        if target.refused is not None:
            yield _refusal(target, Obstacle(target.line, target.refused.why, target.refused.what_to_do))
            return
        text = project.sources[target.path].text
        shapes = shapes_in(text, target.class_name)
        if len(shapes) != 1:
            yield _refusal(
                target,
                Obstacle(
                    target.line,
                    f"{target.class_name} is defined {len(shapes)} times at the top level of its file",
                    "Leave one definition, at the top level of the file.",
                ),
            )
            return
        for obstacle in _obstacles(project, target, shapes[0], text):
            yield _refusal(target, obstacle)

    def _placed(
        self, project: Project, path: str, targets: Sequence[LegacyOrchestrator]
    ) -> Placement | list[Refusal]:
        names = names_of(project)
        if names.index.module(path) is None:
            why = names.index.shadowed_by(path) or "a name that cannot be imported"
            obstacle = Obstacle(1, f"the file cannot be imported: {why} hides it", "Rename the file.")
            return [_refusal(target, obstacle) for target in targets]
        moved = place(names.index, project.config.package, path, tuple(targets))
        if self.placement == "in-place":
            return stay(moved, "it was asked for")
        reasons = list(dict.fromkeys(reasons_to_stay(project, moved)))
        if not reasons:
            return moved
        if self.placement == "auto":
            return stay(moved, "; ".join(reasons))
        remedy = "Use `--placement in-place`, or change this first."
        return [
            _refusal(one, Obstacle(one.line, f"its module cannot move: {reasons[0]}", remedy))
            for one in targets
        ]


def _obstacles(
    project: Project, target: LegacyOrchestrator, shape: ClassShape, text: str
) -> Iterator[Obstacle]:
    if shape.line in kept_lines(text):
        yield Obstacle(shape.line, "`# orchestra: keep` stands on the class", "Delete the comment.")
    for task in target.background_tasks:
        yield Obstacle(
            task.line,
            f"{task.created_in} starts the background task {task.method}, which nobody would supervise",
            "Wait for a version that moves background tasks, or mark the method with @background by hand.",
        )
    yield from obstacles_of(shape)
    yield from obstacles_of_bases(project, names_of(project), target.path, shape)


def _is_done(project: Project, target: LegacyOrchestrator) -> bool:
    shapes = shapes_in(project.sources[target.path].text, target.class_name)
    return any(is_done(shape) for shape in shapes)


def _refusal(target: LegacyOrchestrator, obstacle: Obstacle) -> Refusal:
    unit = unit_of(target.name)
    return Refusal(unit, target.path, Span(obstacle.line), obstacle.why, obstacle.what_to_do)


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
