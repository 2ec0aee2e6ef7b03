"""Lint a project: files, then the rules that need them all, then suppressions. Nothing is written."""

from __future__ import annotations

import datetime as dt
import gc
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from orchestra_codemods.change import Skipped
from orchestra_codemods.lint.analysis import Analyser, Analysis, by_kind
from orchestra_codemods.lint.cache import Cache
from orchestra_codemods.lint.diagnostic import Diagnostic, of_placed
from orchestra_codemods.lint.parsing import ALL, PARSE_RULE
from orchestra_codemods.lint.python import oldest_python
from orchestra_codemods.lint.reading import check_syntax, read
from orchestra_codemods.lint.rule import Rule, all_rules
from orchestra_codemods.lint.suppressions import SUPPRESSION_RULE, apply
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source, SourceError
from orchestra_codemods.syntax.deprecations import in_transition
from orchestra_codemods.syntax.fact import Facts
from orchestra_codemods.syntax.places import module_of


@dataclass(frozen=True, slots=True)
class Report:
    """All diagnostics in order, silenced ones among them, and the files that could not be read."""

    diagnostics: tuple[Diagnostic, ...]
    skipped: tuple[Skipped, ...] = ()
    files: int = 0
    unread: int = 0
    """Files that no rule is concerned with and whose syntax was not checked."""

    @property
    def open(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that no comment silences."""
        return tuple(one for one in self.diagnostics if one.suppressed is None)


def lint(
    project: Project,
    rules: Iterable[Rule],
    paths: Iterable[str] | None = None,
    *,
    today: str | None = None,
    cache: Cache | None = None,
    jobs: int = 1,
    asked: frozenset[str] = frozenset(),
    unread: int = 0,
) -> Report:
    """Return what the rules say of a project.

    ``paths`` limits what is reported, not what is known. ``today`` is YYYY-MM-DD. ``jobs`` is the number of
    processes, 0 for as many as pay; the result does not depend on it. Files that no rule is concerned with
    are parsed to see whether they can be where they are among ``asked``, or where all that are reported on
    have at most ``unread`` bytes.
    """
    rules = tuple(rules)
    wanted = frozenset(project.sources if paths is None else paths)
    with warnings.catch_warnings(), _collecting_rarely():
        warnings.simplefilter("ignore")  # what the parser says of the code that is read
        reading = read(project, Analyser(rules, project.config), cache, jobs)
        check_syntax(project, reading, cache, asked, most=ALL)
        left = 0
        if any(rule.code == PARSE_RULE[0] for rule in rules):
            left = check_syntax(project, reading, cache, wanted - asked, most=unread)
        if cache is not None:
            cache.save()
        diagnostics = judge(project, rules, reading.analyses.values(), today=today)
    if paths is not None:
        diagnostics = tuple(one for one in diagnostics if one.path in wanted)
    skipped = tuple(sorted(reading.skipped, key=lambda one: one.path))
    return Report(diagnostics, skipped, len(wanted & reading.analyses.keys()), left)


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let the garbage collector look less often: trees have no cycles, and it was a twelfth of a run."""
    usual = gc.get_threshold()
    gc.set_threshold(20_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def judge(
    project: Project, rules: tuple[Rule, ...], analyses: Iterable[Analysis], *, today: str | None = None
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of all files, those of whole-project rules added, suppressions applied."""
    analyses = tuple(analyses)
    today = today or dt.datetime.now(tz=dt.UTC).date().isoformat()
    found: dict[str, list[Diagnostic]] = {one.path: list(one.diagnostics) for one in analyses}
    paths = frozenset(project.sources)
    facts = Facts(by_kind(analyses), paths, project.config, _reader(project), project, today)
    for rule in rules:
        if rule.judge is not None:
            for placed in rule.judge(facts):
                found.setdefault(placed.path, []).append(of_placed(rule, placed))
    _leave_to_their_date(found, rules, facts)
    _leave_to_newer_pythons(found, rules, project)
    return tuple(sorted(_silenced(found, analyses, rules, today), key=lambda one: one.order))


def _leave_to_their_date(found: dict[str, list[Diagnostic]], rules: tuple[Rule, ...], facts: Facts) -> None:
    """Take out what rules that spare a migration's new modules found in them, in place."""
    sparing = {rule.code for rule in rules if not rule.in_transition}
    modules = in_transition(facts) if sparing else frozenset()
    for path in found if modules else ():
        if module_of(facts.config, path) in modules:
            found[path] = [one for one in found[path] if one.code not in sparing]


def _leave_to_newer_pythons(
    found: dict[str, list[Diagnostic]], rules: tuple[Rule, ...], project: Project
) -> None:
    """Take out, in place, what asks for a newer Python than the oldest that the project supports.

    It is done here, afresh in each run: the setting is in no file's analysis.
    """
    oldest = oldest_python(project)
    early = {rule.code for rule in rules if rule.since > oldest}
    for path in found if early else ():
        found[path] = [one for one in found[path] if one.code not in early]


def _silenced(
    found: Mapping[str, list[Diagnostic]], analyses: tuple[Analysis, ...], rules: tuple[Rule, ...], today: str
) -> list[Diagnostic]:
    comments = {one.path: one.suppressions for one in analyses}
    known = {name: rule.code for rule in all_rules() for name in (rule.code, rule.slug)}
    complains = any(rule.code == SUPPRESSION_RULE[0] for rule in rules)
    complete = {rule.code for rule in all_rules() if rule.default == "on"} <= {rule.code for rule in rules}
    result: list[Diagnostic] = []
    for path, diagnostics in found.items():
        judged = apply(path, diagnostics, comments.get(path, ()), known, today, all_rules_ran=complete)
        result.extend(one for one in judged if complains or one.code != SUPPRESSION_RULE[0])
    return result


def _reader(project: Project) -> Callable[[str], Source | None]:
    def read(path: str) -> Source | None:
        try:
            return project.sources[path]
        except (KeyError, SourceError, OSError):
            return None

    return read
