"""Who refers to a deprecated module, by name resolution."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.deprecations.record import PATH
from orchestra_codemods.names import (
    CONFIGURATION_SUFFIXES,
    Importers,
    StringRole,
    importers_of_all,
    names_of,
)
from orchestra_codemods.project import Project

_OURS = (PATH, "docs/migrations/")


@dataclass(frozen=True, slots=True, order=True)
class User:
    """One place that refers to a module. ``form`` is import, use, string, bytes, configuration, text,
    or unparsed for a file that may refer to it and cannot be read as Python.
    """

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
    return {
        path: tuple(sorted({*_users(path, importers), *_by_text(project, path)}))
        for path, importers in found.items()
    }


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
        form = "text" if string.string.role is StringRole.LOGGER else _form(string.path)
        yield User(string.path, string.string.place.line, form, string.string.text)


def _by_text(project: Project, path: str) -> Iterator[User]:
    """Yield what no name leads to: bytes that name the module as a pickle does, and files that do not parse.

    A broken file counts as a user where it has so much as the last part of the name in it.
    """
    names = names_of(project)
    module = names.index.module(path)
    if module is None:
        return
    last = module.name.rpartition(".")[2].encode()
    pickled = re.compile(re.escape(module.name.encode()) + rb"(?![\w.])")
    for each in project.sources.python_paths():
        data = project.sources.data(each) if each != path else b""
        if last not in data:
            continue
        if names.facts(each) is None:
            yield User(each, data[: data.index(last)].count(b"\n") + 1, "unparsed", module.name)
        elif pickled.search(data):
            for node in ast.walk(names.tree(each)):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, bytes)
                    and pickled.search(node.value)
                ):
                    yield User(each, node.lineno, "bytes", module.name)


def _form(path: str) -> str:
    if path.endswith((".py", ".pyi")):
        return "string"
    return "configuration" if path.endswith(CONFIGURATION_SUFFIXES) else "text"
