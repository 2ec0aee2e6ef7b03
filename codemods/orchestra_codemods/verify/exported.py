"""No module loses a name that others may use."""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.names import Definition, Names, Unresolved, names_of
from orchestra_codemods.verify.problem import Problem, Trial


def lost_names(trial: Trial) -> Iterator[Problem]:
    """Yield the changes after which a public name of a module, or the module itself, is not to be had."""
    before, after = names_of(trial.before), names_of(trial.after)
    for change in trial.python:
        if change.before is None:
            continue
        module = before.index.module(change.before.path)
        if module is None:
            continue
        there = after.index.find(module.name)
        if there is None or there.path is None:
            yield Problem(change, f"the module {module.name} would be gone")
            continue
        given = _names(after, there.path)
        lost = sorted(_public(before, change.before.path) - given - set(change.unused))
        lost = [name for name in lost if isinstance(after.resolver.attribute(there, name), Unresolved)]
        if lost:
            yield Problem(change, f"{module.name} would lose {', '.join(lost)}")


def _public(names: Names, path: str) -> set[str]:
    """Return the public names; a package that a plain `import a.b` binds is nobody else's business."""
    facts = names.facts(path)
    plain = {
        binding.name
        for binding in (facts.bindings if facts else ())
        if binding.site >= 0 and facts and not facts.imports[binding.site].is_from
    } - set((facts.exports if facts else None) or ())
    return {name for name in _names(names, path) - plain if not name.startswith("_")}


def _names(names: Names, path: str) -> set[str]:
    """Return what a module binds; a module that forwards has the names of the one that it forwards to."""
    facts = names.facts(path)
    if facts is None:
        return set()
    own = {binding.name for binding in facts.bindings if binding.scope == 0}
    for number, site in enumerate(facts.imports):
        if site.module == "orchestra.moved" and site.names[0].name == "forward":
            for other in range(number + 1, len(facts.imports)):
                found = names.resolver.import_source(path, other)
                if isinstance(found, Definition) and found.path and found.path != path:
                    own |= _names(names, found.path)
    return own
