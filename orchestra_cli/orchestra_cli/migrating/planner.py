"""From decisions to a verified plan: the one thing that review, proof and commits ask for again and again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from orchestra_codemods.change import Plan, Skipped
from orchestra_codemods.migrations.decisions import Decisions
from orchestra_codemods.migrations.placement import Where, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orchestra_codemods.config import Config
    from orchestra_codemods.inventory.model import Inventory, LegacyOrchestrator
    from orchestra_codemods.project import Project

Callers = Literal["imports", "facade", "facade-instances"]
Routing = Literal["inherited", "explicit"]
Accessors = Literal["kept", "offered"]
Dependencies = Literal["eager", "lazy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for all classes of a migration."""

    placement: Where = "auto"
    callers: Callers = "imports"
    routing: Routing = "inherited"
    accessors: Accessors = "kept"
    dependencies: Dependencies = "eager"
    owner: str | None = None
    remove_on: date


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the migration of some classes of a project; ``names`` are those asked for, empty means all."""

    root: Path
    project: Project
    inventory: Inventory
    config: Config
    settings: Settings
    names: tuple[str, ...] = ()

    def plan(self, decisions: Decisions, left_out: Iterable[str] = ()) -> Plan:
        """Return the verified plan. ``left_out`` names units that are not migrated, for another reason.

        What is skipped is said in the plan; who cannot be migrated without it is refused there.
        """
        from orchestra_codemods.inventory import take
        from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
        from orchestra_codemods.migrations.page import with_proof
        from orchestra_codemods.plan import plan
        from orchestra_codemods.verify import verify

        unit = MigrateOrchestrators(
            names=self.names,
            placement=self.settings.placement,
            callers=self.settings.callers,
            routing=self.settings.routing,
            accessors=self.settings.accessors,
            dependencies=self.settings.dependencies,
            owner=self.settings.owner,
            remove_on=self.settings.remove_on,
            decisions=decisions,
            without=frozenset(left_out),
            take=take,
        )

        def replan(current: Project, without: frozenset[str]) -> Plan:
            return plan(current, [unit.leaving_out(without)])

        made = verify(self.project, replan(self.project, frozenset()), replan)
        return with_proof(replace(made, skipped=(*made.skipped, *self._skipped(decisions))))

    def anew(self, names: tuple[str, ...]) -> Planner:
        """Return a planner of some classes for the files as they are on disk now."""
        from orchestra_codemods.inventory import take
        from orchestra_codemods.scan import scan

        project = scan(self.root, self.config)
        return replace(self, project=project, inventory=take(project), names=names)

    def targets(self, decisions: Decisions) -> list[LegacyOrchestrator]:
        """Return the classes that were asked for, as decided, without the look-alikes."""
        return [
            target
            for target in decisions.applied(self.inventory).orchestrators
            if target.refused is None and (not self.names or target.name in self.names)
        ]

    def _skipped(self, decisions: Decisions) -> Iterable[Skipped]:
        for target in self.targets(decisions):
            decision = decisions.about(target)
            if decision.is_skipped:
                yield Skipped(target.path, f"{target.class_name} was not accepted")
                continue
            for path in sorted(decision.callers_left):
                yield Skipped(path, f"it goes on using {target.class_name} where it was, as decided")


def callers_of(plan: Plan, target: LegacyOrchestrator) -> tuple[str, ...]:
    """Return the files of which a plan changes nothing but how they name or call a target."""
    unit = unit_of(target.name)
    return tuple(
        change.path
        for change in plan.changes
        if unit in change.units and (change.names or change.calls) and change.path != target.path
    )
