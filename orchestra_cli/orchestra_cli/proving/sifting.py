"""Find which orchestrators make tests worse, by halves: what is kept was tested with all that is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from orchestra_cli.proving.outcomes import Run, Worse
from orchestra_codemods.inventory.model import LegacyOrchestrator

Group = Sequence[LegacyOrchestrator]
Try = Callable[[Sequence[Group]], tuple[Run, Sequence[Worse]]]
"""Runs the tests with only these groups migrated."""


@dataclass(slots=True)
class Sift:
    """``kept`` are groups that were tested together, ``last`` is that run; the rest is rejected, with why."""

    attempt: Try
    kept: tuple[Group, ...] = ()
    last: Run | None = None
    rejected: list[tuple[Group, Sequence[Worse]]] = field(default_factory=list)

    def take(self, groups: Sequence[Group], bad: Sequence[Worse]) -> None:
        """Keep what may be kept of groups that make tests worse beside those that are kept already."""
        if len(groups) == 1:
            self.rejected.append((groups[0], bad))
            return
        half = len(groups) // 2
        for part in (groups[:half], groups[half:]):
            run, found = self.attempt((*self.kept, *part))
            if found:
                self.take(part, found)
            else:
                self.kept, self.last = (*self.kept, *part), run
