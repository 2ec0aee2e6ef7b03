"""Go through a plan with a person, who accepts, skips or edits each class and each caller."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import get_args

from orchestra_cli.errors import UsageError
from orchestra_cli.migrating.plan_standing import project_types
from orchestra_cli.migrating.planner import Callers, Planner
from orchestra_cli.migrating.prompt import ask_for, choose, one_of, require_terminal, say
from orchestra_cli.migrating.questions import Question, questions
from orchestra_cli.scaffold.naming import BadNameError, orchestrator_name
from orchestra_cli.session import Session
from orchestra_cli.terminal import style_of
from orchestra_codemods.change import Plan, Refusal
from orchestra_codemods.config import LAYERS
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.decisions import Decisions
from orchestra_codemods.migrations.lineage import Key, key_of
from orchestra_codemods.migrations.placement import Where, unit_of

_CHOICES = {
    "a": "accept",
    "s": "skip",
    "k": "skip all of this kind",
    "e": "edit",
    "v": "view all",
    "r": "accept the rest",
    "q": "quit",
}


class QuitError(UsageError):
    """The review of a migration was given up, so nothing was written."""

    code = "review-quit"
    exit_code = 1


@dataclass(slots=True)
class Review:
    """A plan under review. What is decided is planned anew, so that nothing is left half done.

    ``to_try`` are the proofs that are tried after it, and may speak against what was accepted.
    """

    session: Session
    planner: Planner
    decisions: Decisions
    plan: Plan
    to_try: tuple[str, ...] = ()
    answered: set[tuple[Key, str | None]] = field(default_factory=set)
    is_stale: bool = False
    are_others_accepted: bool = False

    def run(self) -> None:
        """Ask about everything; then decisions and plan are what came of it.

        Raises NotATerminalError, and QuitError where the person gives up.
        """
        require_terminal("`orchestra migrate … --write-plan FILE` writes what there is to decide to a file.")
        first = {each.unit for each in self.plan.refusals}
        while not self.are_others_accepted:
            question = self._next()
            if question is None:
                break
            say(["", *question.lines(style_of(sys.stderr), self.to_try)])
            self._answer(question, choose(_CHOICES))
        self._plan_anew()
        self._tell_what_followed(first)

    def _next(self) -> Question | None:
        for question in self._open():
            if question.caller is None and self.is_stale:
                self._plan_anew()
                return self._next()
            return question
        return None

    def _open(self) -> Iterable[Question]:
        for question in questions(self.plan, self.planner.targets(self.decisions)):
            decision = self.decisions.about(question.target)
            is_left = decision.is_skipped or question.caller in decision.callers_left
            if question.key not in self.answered and not is_left:
                yield question

    def _answer(self, question: Question, letter: str) -> None:
        match letter:
            case "a":
                self.answered.add(question.key)
            case "s":
                self._skip(question)
            case "k":
                for other in [each for each in self._open() if each.kind == question.kind]:
                    self._skip(other)
            case "e":
                self._edit(question)
            case "v":
                say(question.all_lines(style_of(sys.stderr)))
            case "r":
                self.are_others_accepted = True
            case _:
                raise QuitError("the review was given up", hint="Nothing was written.")

    def _skip(self, question: Question) -> None:
        key = key_of(question.target)
        decision = self.decisions.about(question.target)
        if question.caller is None:
            decision = replace(decision, is_skipped=True)
        else:
            decision = replace(decision, callers_left=decision.callers_left | {question.caller})
        # By its own name: a name that was decided is not proposed anew when others are skipped.
        self.decisions = self.decisions.with_one(key, replace(decision, name=question.target.name))
        self.answered.add(question.key)
        self.is_stale = True

    def _edit(self, question: Question) -> None:
        if question.caller is None:
            self._edit_class(question.target)
        elif question.caller.endswith(".py"):
            self._edit_caller(question.target, question.caller)
        else:
            say(["It makes no calls: only the name in it changes, which can be accepted or skipped."])

    def _edit_caller(self, target: LegacyOrchestrator, path: str) -> None:
        """Ask how a caller changes: where names come from, or calls as well."""
        decision = self.decisions.about(target)
        usual = self.planner.settings.callers
        calls = ask_for("calls", decision.calls_of(path, usual), one_of(get_args(Callers)))
        made = replace(decision.calling(path, calls), name=target.name)  # type: ignore[arg-type]
        self.decisions = self.decisions.with_one(key_of(target), made)
        known = set(self.plan.refusals)
        self._plan_anew()
        refused = [each for each in self.plan.refusals if each.path == path]
        say(f"stays: line {each.span.line}: {each.why}" for each in refused if each not in known)

    def _edit_class(self, target: LegacyOrchestrator) -> None:
        decision = self.decisions.about(target)
        made = replace(
            decision,
            name=ask_for("name", target.name, lambda answer: self._wrong_name(target, answer)),
            layer=ask_for("layer", str(target.layer), one_of(LAYERS)),
            type=ask_for("type", str(target.type), one_of(sorted(project_types(self.planner)))),
            placement=ask_for(
                "placement", decision.placement or self.planner.settings.placement, one_of(get_args(Where))
            ),  # type: ignore[arg-type] # the check allows nothing else
        )
        names = (made.name or name if name == target.name else name for name in self.planner.names)
        self.planner = replace(self.planner, names=tuple(names))
        self.decisions = self.decisions.with_one(key_of(target), made)
        self._plan_anew()
        self._tell_refusals({unit_of(made.name or target.name)}, set())

    def _wrong_name(self, target: LegacyOrchestrator, answer: str) -> str:
        try:
            usual = orchestrator_name(answer).name
        except BadNameError as error:
            return f"{error.message}. {error.hint}"
        if usual != answer:
            return f"Did you mean `{usual}`?"
        others = self.decisions.applied(self.planner.inventory).orchestrators
        taken = [one for one in others if one.name == answer and key_of(one) != key_of(target)]
        return f"{taken[0].class_name} has that name." if taken else ""

    def _plan_anew(self) -> None:
        with self.session.progress("Planning"):
            self.plan = self.planner.plan(self.decisions)
        self.is_stale = False

    def _tell_what_followed(self, before: set[str]) -> None:
        """Say what was accepted and is not done, because of what was skipped."""
        accepted = {unit_of(each.name) for each in self.planner.targets(self.decisions)}
        self._tell_refusals(accepted, before)

    def _tell_refusals(self, units: set[str], known: set[str]) -> None:
        refused: list[Refusal] = [
            each for each in self.plan.refusals if each.unit in units and each.unit not in known
        ]
        say(f"not migrated: {each.unit.partition(':')[2]}: {each.why}" for each in refused)
