"""What a check has against a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from orchestra_codemods.change import Change, Plan
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Problem:
    """A change that may not be made, and why."""

    change: Change
    why: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan beside the project before it and the project that it would make."""

    before: Project
    after: Project
    plan: Plan

    @property
    def python(self) -> tuple[Change, ...]:
        """The changes that leave or take away Python."""
        return tuple(change for change in self.plan.changes if change.path.endswith((".py", ".pyi")))


Check = Callable[[Trial], Iterable[Problem]]
