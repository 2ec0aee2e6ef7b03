"""Pass after pass until nobody wants anything more."""

from __future__ import annotations

from collections.abc import Iterable

from orchestra.errors import OrchestraError
from orchestra_codemods.change import Plan
from orchestra_codemods.plan.history import History
from orchestra_codemods.plan.round import Round
from orchestra_codemods.project import Project
from orchestra_codemods.unit import Unit

PASSES = 10
"""How often units may see the result of their own work and want more."""


class NonConvergenceError(OrchestraError):
    """Units go on changing what they or others changed; ``units`` names them."""

    code = "no-fixed-point"
    units: tuple[str, ...]


def plan(project: Project, units: Iterable[Unit], *, passes: int = PASSES) -> Plan:
    """Ask every unit, merge what they want, and ask again until the project no longer changes.

    Edits that overlap others wait for the next pass, in which their unit sees the file as it is then.
    Findings come from the first pass, whose places are those of the files on disk.

    Raises NonConvergenceError after so many passes, or as soon as a project comes back that was there before.
    """
    ordered = sorted(units, key=lambda unit: unit.slug)
    history = History()
    current = project
    for _ in range(passes):
        this_round = Round.of(current, ordered)
        history.note(this_round)
        if not this_round.changes:
            return history.plan()
        current = current.updated(this_round.changes)
        if history.has_come_round():
            raise _no_fixed_point(this_round.units, passes)
    last = Round.of(current, ordered)
    if last.changes:
        raise _no_fixed_point(last.units, passes)
    history.note(last)
    return history.plan()


def _no_fixed_point(units: tuple[str, ...], passes: int) -> NonConvergenceError:
    return NonConvergenceError(
        f"no end of changes after {passes} passes or a change that takes back another: {', '.join(units)}",
        hint="Run the units one at a time, and report the pair that never agrees.",
        units=units,
    )
