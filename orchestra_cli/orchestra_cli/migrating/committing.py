"""Carry out a migration in steps, each planned on what the last one left, proven, written and committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orchestra_cli.migrating.commits import Commit, CommitFailedError, commit
from orchestra_cli.migrating.message import Style, message_of, style_of
from orchestra_cli.migrating.steps import pinned, steps_of
from orchestra_cli.writing import Writing, carry_out
from orchestra_codemods.change import (
    Applied,
    Change,
    Failed,
    Finding,
    Outcome,
    Plan,
    Planned,
    Refusal,
    Refused,
)

if TYPE_CHECKING:
    from orchestra_cli.migrating.planner import Planner
    from orchestra_cli.session import Session
    from orchestra_codemods.inventory.model import LegacyOrchestrator
    from orchestra_codemods.migrations.decisions import Decisions

Prove = Callable[["Planner", "Decisions", Plan], Plan]
"""Returns a plan with more proof, or less in it."""


@dataclass(slots=True)
class Course:
    """What became of the steps so far. ``stopped`` is how a step ended that was not committed."""

    commits: list[Commit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    stopped: Outcome | None = None
    failed: CommitFailedError | None = None

    def outcome(self, whole: Plan) -> Outcome:
        """Return all steps as one outcome; ``whole`` is the plan that was cut into steps."""
        done = replace(
            whole,
            changes=tuple(self.changes),
            findings=tuple(dict.fromkeys(self.findings)),
            refusals=tuple(dict.fromkeys((*whole.refusals, *self.refusals))),
        )
        match self.stopped:
            case Refused(refusals=refusals):
                return Refused(done, refusals)
            case Failed(id=run, error=error, written=written):
                return Failed(done, run, error, written)
            case _ if self.commits:
                return Applied(done, self.commits[-1].run)
            case _:
                return Planned(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Committing:
    """Migrates and commits group after group; stops where a commit or the writing fails."""

    session: Session
    planner: Planner
    prove: Prove

    def run(self, decisions: Decisions, whole: Plan) -> Course:
        """Cut a plan into steps and do them. Raises what planning, proving and writing raise."""
        course = Course()
        groups = steps_of(self.planner, decisions, whole)
        decisions = pinned(decisions, [target for group in groups for target in group])
        style = style_of(self.planner.root)
        for group in groups:
            outcome = self._written(decisions, group, course)
            if isinstance(outcome, Applied):
                self._commit(outcome, group, style, course)
            elif outcome is not None:
                course.stopped = outcome
            if course.stopped is not None or course.failed is not None:
                break
        return course

    def _written(
        self, decisions: Decisions, group: Sequence[LegacyOrchestrator], course: Course
    ) -> Outcome | None:
        """Plan, prove and write one step; None where nothing of it may be done."""
        names = tuple(target.name for target in group)
        current = self.planner.anew(names)
        with self.session.progress(f"Migrating {', '.join(names)}"):
            plan = self.prove(current, decisions, current.plan(decisions))
        course.refusals += plan.refusals
        if not plan.changes:
            return None
        course.findings += plan.findings
        command = f"orchestra migrate {' '.join(names)}"
        return carry_out(self.session, self.planner.root, plan, Writing(), command=command)

    def _commit(
        self, outcome: Applied, group: Sequence[LegacyOrchestrator], style: Style, course: Course
    ) -> None:
        plan = outcome.plan
        course.changes += plan.changes
        message = message_of(style, plan, group)
        options = ["--signoff"] if style.is_signed_off else []
        try:
            made = commit(self.planner.root, plan.changes, message, *options)
        except CommitFailedError as error:
            error.hint = (
                "Its files are written and not staged: commit them and run this again for the rest, or "
                f"`orchestra undo {outcome.id}`."
            )
            course.failed = error
            return
        names = tuple(target.name for target in group)
        course.commits.append(Commit(made, message[0], names, len(plan.changes), outcome.id))
        self.session.narrate(f"{made[:9]} {message[0]}")
