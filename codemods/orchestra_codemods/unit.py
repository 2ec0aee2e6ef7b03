"""What rules and migrations have in common: they look at a whole project and say what they found and want."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from orchestra_codemods.change import Change, Finding, Refusal, Rewrite
from orchestra_codemods.project import Project

Contribution = Finding | Refusal | Rewrite | Change


@runtime_checkable
class Unit(Protocol):
    """A rule or a migration. ``contribute`` is pure: it reads the project and nothing else."""

    @property
    def slug(self) -> str:
        """The unit's name in output, suppressions and file names."""
        ...

    def contribute(self, project: Project) -> Iterable[Contribution]:
        """Yield findings, refusals, edits of existing files, and whole-file changes."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """An example that is documentation and test at once.

    ``after`` is None where nothing must change: a near miss, or something to be refused.
    """

    why: str
    before: str
    after: str | None = None
