"""Fixes as units of a plan: pass after pass, until a rule has nothing left to mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Rewrite, Safety
from orchestra_codemods.lint.rule import Rule
from orchestra_codemods.lint.run import lint
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Fixer:
    """One rule's fixes of at most a certain daring, in some files or in all."""

    rule: Rule
    safeties: frozenset[Safety]
    paths: frozenset[str] | None = None

    @property
    def slug(self) -> str:
        """The rule's code."""
        return self.rule.code

    def contribute(self, project: Project) -> Iterator[Rewrite]:
        """Yield the edits of each finding that may be mended."""
        for one in lint(project, [self.rule], self.paths).open:
            if one.fix is not None and one.fix.safety in self.safeties:
                because = f"{self.rule.slug}: {self.rule.summary.lower()}"
                yield Rewrite(self.slug, one.fix.path or one.path, one.fix.edits, because)


def fixers(
    rules: Iterable[Rule], found: Iterable[str], paths: frozenset[str] | None, *, unsafe: bool
) -> tuple[Fixer, ...]:
    """Return the fixers of the rules that found something; ``found`` are their codes."""
    safeties = frozenset({Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE})
    codes = set(found)
    return tuple(Fixer(rule, safeties, paths) for rule in rules if rule.code in codes)
