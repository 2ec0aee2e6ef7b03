"""Fixes as units of a plan: pass after pass, until a rule has nothing left to mend."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestra_codemods.change import (
    Change,
    Edit,
    Refusal,
    Rewrite,
    Safety,
    apply_edits,
    edits_overlap,
)
from orchestra_codemods.lint.diagnostic import Diagnostic
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

    def contribute(self, project: Project) -> Iterator[Rewrite | Change | Refusal]:
        """Yield the edits of each finding that may be mended.

        Where a fix concerns several files it is a change of all of them, so that it is made whole or waits.
        """
        together: dict[str, list[Edit]] = {}
        for one in lint(project, [self.rule], self.paths).open:
            if one.fix is None or one.fix.safety not in self.safeties:
                continue
            edits = one.fix.by_path(one.path)
            others = sorted(edits.keys() - (self.paths or edits.keys()))
            if others:
                yield self._refusal(one, others)
            elif len(edits) == 1:
                yield Rewrite(self.slug, *edits.popitem(), self._because)
            elif not any(edits_overlap(edits[path], together.get(path, [])) for path in edits):
                for path, more in edits.items():
                    together.setdefault(path, []).extend(more)
        for path, all_edits in together.items():
            before = project.sources[path]
            after = before.with_text(apply_edits(before.text, all_edits))
            unused = tuple(sorted(_imported(before.text) - _imported(after.text)))
            yield Change(before, after, self._because, (self.slug,), unused=unused)

    @property
    def _because(self) -> str:
        return f"{self.rule.slug}: {self.rule.summary.lower()}"

    def _refusal(self, one: Diagnostic, others: list[str]) -> Refusal:
        why = f"its fix would change {', '.join(others)}, which was not named"
        return Refusal(self.slug, one.path, one.span, why, "Name it too, or mend the whole project.")


def _imported(text: str) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def fixers(
    rules: Iterable[Rule], found: Iterable[str], paths: frozenset[str] | None, *, unsafe: bool
) -> tuple[Fixer, ...]:
    """Return the fixers of the rules that found something; ``found`` are their codes."""
    safeties = frozenset({Safety.SAFE, Safety.UNSAFE} if unsafe else {Safety.SAFE})
    codes = set(found)
    return tuple(Fixer(rule, safeties, paths) for rule in rules if rule.code in codes)
