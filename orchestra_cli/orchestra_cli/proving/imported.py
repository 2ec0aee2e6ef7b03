"""Proof by importing: in a copy, each changed module alone, and each orchestrator up to its registration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestra_cli.proving.scratch import scratch_copy
from orchestra_cli.proving.trial import ProofNotEstablishedError
from orchestra_cli.registered.model import Registered
from orchestra_cli.user_code import TimedOut, ask
from orchestra_cli.verification import verified
from orchestra_codemods.change import Change, Plan, Proof, Refusal, Span
from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.migrations.arrival import arrival_of
from orchestra_codemods.migrations.placement import unit_of
from orchestra_codemods.names import names_of

if TYPE_CHECKING:
    from orchestra_cli.migrating.planner import Planner
    from orchestra_cli.session import Session
    from orchestra_codemods.inventory.model import LegacyOrchestrator
    from orchestra_codemods.migrations.decisions import Decisions
    from orchestra_codemods.project import Project

LIMIT = 60.0
"""Seconds that one step of an orchestrator may take."""

ALL = 600.0
"""Seconds that importing all modules may take."""

Answers = Mapping[str, Mapping[str, str]]
"""By module: its file, or its error."""


@dataclass(slots=True)
class Imported:
    """Proves plans by importing what they change. Modules that could not be imported before do not count."""

    session: Session
    count: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    not_reached: dict[str, str] = field(default_factory=dict)

    def prove(self, planner: Planner, decisions: Decisions, plan: Plan) -> Plan:
        """Return the plan without what cannot be imported any more, the rest with its level of proof.

        Raises what `ask` raises, and ProofNotEstablishedError where modules come from elsewhere.
        """
        left_out: set[str] = set()
        refusals: list[Refusal] = []
        while plan.changes:
            bad = self._bad(planner, decisions, plan)
            if isinstance(bad, Plan):
                return replace(bad, refusals=(*bad.refusals, *refusals))
            for change, why in bad:
                refusals += _refusals(planner, decisions, change, why)
                left_out |= set(change.units)
            plan = planner.plan(decisions, left_out)
        return replace(plan, refusals=(*plan.refusals, *dict.fromkeys(refusals)))

    def data(self) -> dict[str, Any]:
        """Return what was found, for the JSON report."""
        return {
            "modules": self.count,
            "failed": dict(self.failed),
            "not_reached": dict(self.not_reached),
        }

    def lines(self) -> Iterator[str]:
        """Yield what was found, for people."""
        yield f"imports: {self.count} modules, each in a process of its own; {len(self.failed)} fail"
        yield from (f"  fails: {name}: {why}" for name, why in self.failed.items())
        yield from (f"not established: {name}: {why}" for name, why in self.not_reached.items())

    def _bad(self, planner: Planner, decisions: Decisions, plan: Plan) -> Plan | list[tuple[Change, str]]:
        """Return the plan with its proof, or the changes that cannot be made with the reasons."""
        changed = {change.path: change for change in plan.changes if change.after is not None}
        after = planner.project.updated(plan.changes)
        modules = dict(_modules(after, changed))
        self.count = len(modules)
        self.session.narrate(f"Importing {len(modules)} modules in a copy, with the project's own code.")
        before = self._before(planner, plan)
        with scratch_copy(planner.root, plan.changes) as copy:
            answers = _answers(copy, planner, modules.values())
            failed = {
                path: answers[name]["error"] for path, name in modules.items() if "error" in answers[name]
            }
            new = [(changed[path], why) for path, why in failed.items() if not before(changed[path])]
            if new:
                self.failed.update({change.path: why for change, why in new})
                return new
            reached = {
                target.name: self._reached(copy, planner, plan, target, modules)
                for target in planner.targets(decisions)
                if any(unit_of(target.name) in change.units for change in plan.changes)
            }
        fine = {path for path in modules if path not in failed}
        return replace(plan, changes=tuple(_proven(change, fine, reached) for change in plan.changes))

    def _before(self, planner: Planner, plan: Plan) -> Callable[[Change], bool]:
        """Return a function that tells whether a changed file, or the class it got, failed before already."""
        project = planner.project
        paths = {change.before.path for change in plan.changes if change.before is not None}
        old = dict(_modules(project, dict.fromkeys(paths)))
        with scratch_copy(planner.root) as copy:
            answers = _answers(copy, planner, old.values())
        broken = {path for path, name in old.items() if "error" in answers[name]}
        by_unit = {unit_of(one.name): one.path for one in planner.inventory.orchestrators}

        def failed(change: Change) -> bool:
            if change.before is not None:
                return change.before.path in broken
            return any(by_unit.get(unit) in broken for unit in change.units)

        return failed

    def _reached(
        self,
        copy: Path,
        planner: Planner,
        plan: Plan,
        target: LegacyOrchestrator,
        modules: Mapping[str, str],
    ) -> bool:
        """Tell whether an orchestrator can be registered; say why where not."""
        unit = unit_of(target.name)
        if any(finding.unit == unit for finding in plan.findings):
            self.not_reached[target.name] = "its factory is to be written by a person"
            return False
        arrival = arrival_of(plan.changes, target)
        home = modules.get(arrival.path, target.module) if arrival is not None else target.module
        row = Registered(target.name, module=home, class_name=target.class_name)
        answer = verified(copy, planner.config, row, limit=LIMIT, until="register")
        bad = next((step for step in answer["steps"] if step["outcome"] == "failed"), None)
        if bad is not None:
            self.not_reached[target.name] = f"{bad['name']}: {bad['detail']}"
        return bad is None


def _modules(project: Project, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield path and module of what may be imported: a script outside a package would run."""
    index = names_of(project).index
    for path in sorted(paths):
        module = index.module(path) if path.endswith(".py") and not is_test(path) else None
        is_inside = f"{path.rpartition('/')[0]}/__init__.py" in project.sources
        if module is not None and is_inside and not path.endswith("__main__.py"):
            yield path, module.name


def _answers(copy: Path, planner: Planner, modules: Iterable[str]) -> Answers:
    try:
        answer = ask(copy, planner.config, {"verb": "import", "modules": sorted(set(modules))}, ALL)
    except TimedOut:
        raise ProofNotEstablishedError(
            f"importing was not done within {ALL:g} s", hint="Look for what runs when it is imported."
        ) from None
    found: Answers = answer["modules"]
    for name, one in found.items():
        file = one.get("file")
        if file and not Path(file).resolve().is_relative_to(copy):
            raise ProofNotEstablishedError(
                f"`{name}` was loaded from {file}, not from the copy that would be changed",
                hint="Use an interpreter in which the project is not installed. Nothing was migrated.",
            )
    return found


def _proven(change: Change, fine: set[str], reached: Mapping[str, bool]) -> Change:
    is_class = not change.names and not change.calls
    mine = [reached[name] for name in reached if unit_of(name) in change.units]
    is_proven = change.path in fine and (not is_class or len(mine) != 1 or mine[0])
    return replace(change, proof=max(change.proof, Proof.IMPORTS)) if is_proven else change


def _refusals(planner: Planner, decisions: Decisions, change: Change, why: str) -> Iterator[Refusal]:
    for target in planner.targets(decisions):
        if unit_of(target.name) in change.units:
            yield Refusal(
                unit_of(target.name),
                target.path,
                Span(target.line),
                f"{change.path} could not be imported any more: {why}",
                "Import it alone in a migrated copy of the project, and report what you find.",
            )
