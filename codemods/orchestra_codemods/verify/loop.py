"""Check, leave out what fails, plan again, until what is left passes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from orchestra_codemods.change import Change, Plan, Proof, Refusal, Span
from orchestra_codemods.project import Project
from orchestra_codemods.verify.comments import lost_comments
from orchestra_codemods.verify.exported import lost_names
from orchestra_codemods.verify.imports import broken_imports
from orchestra_codemods.verify.parses import does_not_compile, unreadable_settings
from orchestra_codemods.verify.places import wrong_places
from orchestra_codemods.verify.problem import Check, Problem, Trial
from orchestra_codemods.verify.same_tree import other_trees
from orchestra_codemods.verify.undefined import new_undefined_names

Replan = Callable[[Project, frozenset[str]], Plan]
"""Makes the plan for a project anew, without the units of these names."""

_CHECKS: tuple[Check, ...] = (
    wrong_places,
    does_not_compile,
    unreadable_settings,
    broken_imports,
    lost_names,
    new_undefined_names,
    lost_comments,
    other_trees,
)
_REMEDY = "Nothing of it is changed. Change this place by hand, or report it with the file."


def verify(project: Project, plan: Plan, replan: Replan) -> Plan:
    """Return a plan of which every change is proven, with a refusal for each unit that was not.

    What fails takes all changes of its units along, in whatever file: never half a migration. Changes come
    back with their level of proof.
    """
    left_out: frozenset[str] = frozenset()
    refusals: list[Refusal] = []
    while plan.changes:
        problems = _problems(project, plan, replan, left_out)
        if not problems:
            break
        refusals += _refusals(problems)
        failed = {unit for problem in problems for unit in problem.change.units}
        if not failed - left_out:
            plan = replace(plan, changes=())
            break
        left_out |= failed
        plan = replan(project, left_out)
    proven = tuple(replace(change, proof=_proof(change)) for change in plan.changes)
    return replace(plan, changes=proven, refusals=(*plan.refusals, *dict.fromkeys(refusals)))


def _problems(project: Project, plan: Plan, replan: Replan, left_out: frozenset[str]) -> list[Problem]:
    trial = Trial(project, project.updated(plan.changes), plan)
    for check in _CHECKS:
        found = list(check(trial))
        if found:
            return found
    again = replan(trial.after, left_out).changes
    touched = {unit for change in again for unit in change.units}
    why = "a second run would change it again"
    return [Problem(one, why) for one in plan.changes if touched & set(one.units) or (again and not touched)]


def _refusals(problems: list[Problem]) -> list[Refusal]:
    return [
        Refusal(unit, problem.change.path, Span(problem.line), problem.why, _REMEDY)
        for problem in problems
        for unit in problem.change.units or ("",)
    ]


def _proof(change: Change) -> Proof:
    if not change.path.endswith((".py", ".pyi")):
        return Proof.NONE
    return Proof.SAME_TREE if change.names or change.calls else Proof.COMPILES
