"""Who refers to a deprecated module, by name resolution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.deprecations.record import PATH
from orchestra_codemods.names import CONFIGURATION_SUFFIXES, Importers, importers_of_all
from orchestra_codemods.project import Project

_OURS = (PATH, "docs/migrations/")


@dataclass(frozen=True, slots=True, order=True)
class User:
    """One place that refers to a module. ``form`` is import, use, string, configuration or text."""

    path: str
    line: int
    form: str
    name: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the place breaks when the module goes; a mention in a document does not."""
        return self.form != "text"


def users_of(project: Project, paths: Iterable[str]) -> Mapping[str, tuple[User, ...]]:
    """Return the users of the modules at some paths, looking through the project once."""
    found = importers_of_all(project, tuple(paths))
    return {path: tuple(sorted(set(_users(path, importers)))) for path, importers in found.items()}


def blocking_paths(users: Iterable[User]) -> tuple[str, ...]:
    """Return the files of the users that break when the module goes, sorted."""
    return tuple(sorted({user.path for user in users if user.blocks}))


def _users(path: str, importers: Importers) -> Iterator[User]:
    for site in importers.sites:
        yield User(site.path, site.imported.place.line, "import", site.name or site.module)
    for chain in importers.chains:
        yield User(chain.path, chain.use.place.line, "use", chain.use.dotted)
    for string in (*importers.strings, *importers.indirect, *importers.paths):
        if string.path == path or string.path.startswith(_OURS):
            continue
        form = _form(string.path)
        yield User(string.path, string.string.place.line, form, string.string.text)


def _form(path: str) -> str:
    if path.endswith((".py", ".pyi")):
        return "string"
    return "configuration" if path.endswith(CONFIGURATION_SUFFIXES) else "text"
