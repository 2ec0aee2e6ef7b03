"""Lint a project: files, then the rules that need them all, then suppressions. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.change import Skipped
from orchestra_codemods.lint.analysis import Analyser, Analysis, by_kind
from orchestra_codemods.lint.cache import Cache
from orchestra_codemods.lint.diagnostic import Diagnostic, of_placed
from orchestra_codemods.lint.python import oldest_python
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
) -> Report:
    """Return what the rules say of a project.

    ``paths`` limits what is reported, not what is known. ``today`` is YYYY-MM-DD. ``jobs`` is the number of
    processes, 0 for as many as pay; the result does not depend on it. ``asked`` are files that must parse
    even where no rule is concerned with them.
    """
    rules = tuple(rules)
    analyser = Analyser(rules, project.config, asked)
    analyses, skipped, heavy = _first_look(project, analyser, cache, jobs)
    for path, found in _analysed(project, analyser, rules, heavy, jobs):
        if isinstance(found, str):
            skipped.append(Skipped(path, found))
            continue
        analyses.append(found)
        if cache is not None:
            cache.put(path, heavy[path], found)
    if cache is not None:
        cache.save()
    diagnostics = judge(project, rules, analyses, today=today)
    if paths is not None:
        wanted = set(paths)
        diagnostics = tuple(one for one in diagnostics if one.path in wanted)
    return Report(diagnostics, tuple(sorted(skipped, key=lambda one: one.path)), len(analyses))


def _first_look(
    project: Project, analyser: Analyser, cache: Cache | None, jobs: int
) -> tuple[list[Analysis], list[Skipped], dict[str, bytes]]:
    """Return what is known or cheap to know, what cannot be read, and the bytes of what must be parsed.

    With one process everything that the cache does not know counts as cheap.
    """
    analyses: list[Analysis] = []
    skipped: list[Skipped] = []
    heavy: dict[str, bytes] = {}
    for path in project.sources.python_paths():
        try:
            data = project.sources.data(path)
            known = cache.get(path, data) if cache is not None and path not in analyser.asked else None
            if known is not None:
                analyses.append(known)
            elif jobs != 1 and any(analyser.concerns(path, data)):
                heavy[path] = data
            else:
                found = analyser.analyse(path, data)
                analyses.append(found)
                if cache is not None and path not in analyser.asked:
                    cache.put(path, data, found)
        except (SourceError, OSError) as error:
            skipped.append(Skipped(path, str(error)))
    return analyses, skipped, heavy


def _analysed(
    project: Project, analyser: Analyser, rules: tuple[Rule, ...], heavy: dict[str, bytes], jobs: int
) -> Iterator[tuple[str, Analysis | str]]:
    if not heavy:
        return
    from orchestra_codemods.lint.workers import analyse_in_processes, worthwhile

    sizes = {path: len(data) for path, data in heavy.items()}
    count = worthwhile(sizes.values(), jobs)
    if count > 1 and not project.sources.is_changed:
        codes = [rule.code for rule in rules]
        yield from sorted(analyse_in_processes(project.root, project.config, codes, sizes, count).items())
        return
    for path, data in heavy.items():
        try:
            yield path, analyser.analyse(path, data)
        except SourceError as error:
            yield path, str(error)


def judge(
    project: Project, rules: tuple[Rule, ...], analyses: Iterable[Analysis], *, today: str | None = None
) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of all files, those of whole-project rules added, suppressions applied."""
    analyses = tuple(analyses)
    today = today or dt.datetime.now(tz=dt.UTC).date().isoformat()
    found: dict[str, list[Diagnostic]] = {one.path: list(one.diagnostics) for one in analyses}
    facts = Facts(by_kind(analyses), frozenset(project.sources), project.config, _reader(project), today)
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
