"""Every import of the project's own modules that led somewhere still does."""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.names import Names, Unresolved, absolute_name, names_of
from orchestra_codemods.verify.problem import Problem, Trial


def broken_imports(trial: Trial) -> Iterator[Problem]:
    """Yield the changed files with an import of the project that cannot resolve and is not as it was."""
    before, after = names_of(trial.before), names_of(trial.after)
    known = {
        wanted
        for change in trial.python
        if change.before is not None
        for wanted, _ in _broken(before, change.before.path)
    }
    for change in trial.python:
        if change.after is None:
            continue
        for wanted, line in _broken(after, change.path):
            if wanted not in known:
                yield Problem(change, f"its import of {wanted} would lead nowhere", line)


def _broken(names: Names, path: str) -> Iterator[tuple[str, int]]:
    facts = names.facts(path)
    module = names.index.module(path)
    for number, site in enumerate(facts.imports if facts else ()):
        package = module.package if module else ""
        source = absolute_name(site.module, site.level, package) if site.is_from else ""
        for item, name in enumerate(site.names):
            if isinstance(names.resolver.resolve_import(path, number, item), Unresolved):
                yield f"{source or site.module or '.'}.{name.name}".removeprefix("."), site.place.line
