"""Whether imports may change places: not where another module takes from a file what it has so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestra_codemods.migrations.cycles import imports_of, loaded_by
from orchestra_codemods.names import Definition, Guard, ModuleFacts, Names, names_of
from orchestra_codemods.project import Project


class Order:
    """Knows of a project's files who, while they are imported, comes back to them for which names."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._taken: dict[str, dict[str, set[str]]] = {}
        self._known: set[str] = set()

    def is_free(self, path: str, names: Iterable[str]) -> bool:
        """Tell whether nothing that a file imports takes one of these names from it on the way."""
        known = names_of(self._project)
        self._look_through(known, path)
        wanted = {*(name.partition(".")[0] for name in names), "*", ""}
        suspects = {each for each, taken in self._taken.get(path, {}).items() if wanted & taken}
        return not suspects or not suspects & loaded_by(known, [path])

    def _look_through(self, names: Names, path: str) -> None:
        waiting = [path]
        while waiting:
            each = waiting.pop()
            if each not in self._known:
                self._known.add(each)
                waiting += imports_of(names, each)
                for taken, name in _takes(names, each):
                    self._taken.setdefault(taken, {}).setdefault(each, set()).add(name)


def _takes(names: Names, path: str) -> Iterator[tuple[str, str]]:
    """Yield file and name of what a module takes from others while it is imported; empty for all of it."""
    facts = names.facts(path)
    for number, site in enumerate(facts.imports if facts else ()):
        if (facts and facts.scopes[site.scope].kind == "function") or site.guard is Guard.TYPE_CHECKING:
            continue
        source = names.resolver.import_source(path, number) if site.is_from else None
        for item, one in enumerate(site.names):
            if isinstance(source, Definition) and source.path and not source.name:
                yield source.path, one.name
            found = names.resolver.resolve_import(path, number, item)
            if isinstance(found, Definition) and found.path and not found.name and _is_used(facts, one.bound):
                yield found.path, ""


def _is_used(facts: ModuleFacts | None, name: str) -> bool:
    """Tell whether a module is asked for an attribute while the file that imported it is imported."""
    return facts is not None and any(
        use.dotted.startswith(f"{name}.") and facts.scopes[use.scope].kind != "function" for use in facts.uses
    )
