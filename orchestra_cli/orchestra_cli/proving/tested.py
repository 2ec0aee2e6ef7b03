"""Proof by the project's own tests: run in a copy before and after, compared test by test."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from orchestra_cli.migrating.steps import steps_of
from orchestra_cli.proving.command import Command
from orchestra_cli.proving.outcomes import Run, Worse, best_of, worse, worst_of
from orchestra_cli.proving.sifting import Group, Sift
from orchestra_cli.proving.trial import ProofNotEstablishedError, Trial
from orchestra_codemods.change import Plan, Proof, Refusal, Span
from orchestra_codemods.migrations.placement import unit_of

if TYPE_CHECKING:
    from orchestra_cli.migrating.planner import Planner
    from orchestra_cli.session import Session
    from orchestra_codemods.inventory.model import LegacyOrchestrator
    from orchestra_codemods.migrations.decisions import Decisions

_NAMED = 5


@dataclass(slots=True)
class Tested:
    """Proves plans by one test command; what it does before any change is found out once.

    A test that is worse is believed when it is worse again, and was fine twice before: what comes and goes
    by itself is unsteady, and condemns nobody.
    """

    session: Session
    text: str
    timeout: float
    baseline: Run | None = None
    last: Run | None = None
    is_confirmed: bool = False
    is_established: bool = False
    found: list[Worse] = field(default_factory=list)
    unsteady: dict[str, None] = field(default_factory=dict)
    not_loaded: dict[str, None] = field(default_factory=dict)

    def prove(self, planner: Planner, decisions: Decisions, plan: Plan) -> Plan:
        """Return the plan without what makes a test worse, the rest with its level of proof.

        Raises what Trial raises, and ProofNotEstablishedError where the tests load nothing of it.
        """
        if not plan.changes:
            return plan
        trial = Trial(self.session, Command.of(self.text, planner.root, planner.config), self.timeout)
        self.baseline = self.baseline or trial.before()
        after, bad = self._compared(trial, planner, plan, self.baseline)
        if bad:
            plan, sifted = self._sifted(trial, planner, decisions, plan, bad)
            if sifted is None:
                return plan
            after = sifted
        self.last = after
        return self._levels(plan, after)

    def data(self) -> dict[str, Any]:
        """Return what the runs came to, for the JSON report."""
        return {
            "command": self.text,
            "before": _counted(self.baseline),
            "after": _counted(self.last),
            "worse": [{"test": each.test, "before": each.before, "after": each.after} for each in self.found],
            "unsteady": list(self.unsteady),
            "not_loaded": list(self.not_loaded),
        }

    def lines(self) -> Iterable[str]:
        """Yield what the runs came to, for people."""
        if self.baseline is not None:
            yield f"tests: {_said(self.baseline)} before; {_said(self.last)} after"
        yield from (f"  worse: {each}" for each in self.found[:_NAMED])
        if self.unsteady:
            yield f"unsteady, since it was worse in one run and fine in another: {_named(self.unsteady)}"
        if self.not_loaded:
            yield f"not established, since the tests do not load it: {_named(self.not_loaded)}"

    def _compared(
        self, trial: Trial, planner: Planner, plan: Plan, before: Run
    ) -> tuple[Run, Sequence[Worse]]:
        """Return a run with the plan carried out, and what is worse in it for certain."""
        after = trial.after(planner.project, plan, before)
        bad = worse(before, after)
        if not bad:
            return after, bad
        self.session.narrate("Running it again, since a test is worse and may be so by chance.")
        after = best_of(after, trial.after(planner.project, plan, before))
        if worse(before, after) and not self.is_confirmed:
            self.is_confirmed = True
            before = self.baseline = worst_of(before, trial.before())
        sure = worse(before, after)
        self.unsteady |= dict.fromkeys(
            each.test for each in bad if each.test not in {one.test for one in sure}
        )
        return after, sure

    def _sifted(
        self, trial: Trial, planner: Planner, decisions: Decisions, plan: Plan, bad: Sequence[Worse]
    ) -> tuple[Plan, Run | None]:
        """Return the largest plan that was found to make nothing worse, with its run."""
        every = {unit for change in plan.changes for unit in change.units}

        def planned(groups: Sequence[Group]) -> Plan:
            kept = {unit_of(target.name) for group in groups for target in group}
            return planner.plan(decisions, every - kept)

        def attempt(groups: Sequence[Group]) -> tuple[Run, Sequence[Worse]]:
            assert self.baseline is not None
            return self._compared(trial, planner, planned(groups), self.baseline)

        tests = "1 test is" if len(bad) == 1 else f"{len(bad)} tests are"
        self.session.narrate(f"{tests} worse; looking for what makes them so.")
        sift = Sift(attempt)
        sift.take(steps_of(planner, decisions, plan), bad)
        self.found += (each for _, reasons in sift.rejected for each in reasons)
        refusals = [_refusal(one, reasons) for group, reasons in sift.rejected for one in group]
        kept = planned(sift.kept)
        return replace(kept, refusals=(*kept.refusals, *refusals)), sift.last

    def _levels(self, plan: Plan, after: Run) -> Plan:
        loaded = {path for _, path in after.modules}
        python = [change.path for change in plan.changes if change.path.endswith(".py")]
        if python and loaded.isdisjoint(python) and not self.is_established:
            raise ProofNotEstablishedError(
                f"`{self.text}` loads nothing of what would be changed",
                hint="Name the command that runs the tests of these modules. Nothing was migrated.",
            )
        self.is_established = True
        self.not_loaded |= dict.fromkeys(path for path in python if path not in loaded)
        changes = (
            replace(change, proof=Proof.TESTED) if change.path in loaded else change
            for change in plan.changes
        )
        return replace(plan, changes=tuple(changes))


def _refusal(target: LegacyOrchestrator, bad: Sequence[Worse]) -> Refusal:
    more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
    return Refusal(
        unit_of(target.name),
        target.path,
        Span(target.line),
        f"tests are worse with it: {bad[0]}{more}",
        "Run that test on a migrated copy of the project; mend the test or the class, and migrate again.",
    )


def _counted(run: Run | None) -> Mapping[str, Any] | None:
    return None if run is None else {"exit_code": run.exit_code, "seconds": run.seconds, **run.counts}


def _named(names: Collection[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(list(names)[:_NAMED]) + more


def _said(run: Run | None) -> str:
    if run is None:
        return "none ran"
    return ", ".join(f"{count} {what}" for what, count in run.counts.items()) or run.ending
