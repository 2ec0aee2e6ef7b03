"""Lint a project: files, then the rules that need them all, then suppressions. Nothing is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from orchestra_codemods.change import Skipped
from orchestra_codemods.lint.analysis import Analyser, Analysis, by_kind
from orchestra_codemods.lint.diagnostic import Diagnostic, of_placed
from orchestra_codemods.lint.rule import Rule, all_rules
from orchestra_codemods.lint.suppressions import SUPPRESSION_RULE, apply
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError
from orchestra_codemods.syntax.fact import Facts


@dataclass(frozen=True, slots=True)
class Report:
    """All diagnostics in order, silenced ones among them, and the files that could not be read."""

    diagnostics: tuple[Diagnostic, ...]
    skipped: tuple[Skipped, ...] = ()
    files: int = 0

    @property
    def open(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that no comment silences."""
        return tuple(one for one in self.diagnostics if one.suppressed is None)


def lint(
    project: Project, rules: Iterable[Rule], paths: Iterable[str] | None = None, *, today: str | None = None
) -> Report:
    """Return what the rules say of a project. ``paths`` limits what is reported, not what is known."""
    rules = tuple(rules)
    analyser = Analyser(rules, project.config)
    analyses: list[Analysis] = []
    skipped: list[Skipped] = []
    for path in project.sources.python_paths():
        try:
            data = project.sources.data(path)
            analyses.append(analyser.analyse(path, data))
        except (SourceError, OSError) as error:
            skipped.append(Skipped(path, str(error)))
    diagnostics = judge(project, rules, analyses, today=today)
    if paths is not None:
        wanted = set(paths)
        diagnostics = tuple(one for one in diagnostics if one.path in wanted)
    return Report(diagnostics, tuple(skipped), len(analyses))


def judge(
    project: Project, rules: tuple[Rule, ...], analyses: Iterable[Analysis], *, today: str | None = None
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of all files, those of whole-project rules added, suppressions applied."""
    analyses = tuple(analyses)
    today = today or datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    found: dict[str, list[Diagnostic]] = {one.path: list(one.diagnostics) for one in analyses}
    whole = tuple(rule for rule in rules if rule.judge is not None)
    if whole:
        facts = Facts(by_kind(analyses), frozenset(project.sources), project.config, _reader(project), today)
        for rule in whole:
            assert rule.judge is not None
            for placed in rule.judge(facts):
                found.setdefault(placed.path, []).append(of_placed(rule, placed))
    return tuple(sorted(_silenced(found, analyses, rules, today), key=lambda one: one.order))


def _silenced(
    found: Mapping[str, list[Diagnostic]], analyses: tuple[Analysis, ...], rules: tuple[Rule, ...], today: str
) -> list[Diagnostic]:
    comments = {one.path: one.suppressions for one in analyses}
    known = {name: rule.code for rule in all_rules() for name in (rule.code, rule.slug)}
    complains = any(rule.code == SUPPRESSION_RULE[0] for rule in rules)
    complete = {rule.code for rule in all_rules() if rule.default == "on"} <= {rule.code for rule in rules}
    result: list[Diagnostic] = []
    for path, diagnostics in found.items():
        for one in apply(path, diagnostics, comments.get(path, ()), known, today, all_rules_ran=complete):
            if one.code != SUPPRESSION_RULE[0] or complains:
                result.append(one)
    return result


def _reader(project: Project):  # type: ignore[no-untyped-def]
    def read(path: str) -> str | None:
        try:
            return project.sources[path].text
        except (KeyError, SourceError, OSError):
            return None

    return read
