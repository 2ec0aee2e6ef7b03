"""What others do with the names of a module: who replaces one must go on reaching the code that reads it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Edit
from orchestra_codemods.migrations.callers import CallerEdit
from orchestra_codemods.migrations.obstacles import Obstacle
from orchestra_codemods.migrations.split.along import Along
from orchestra_codemods.names import (
    ChainUse,
    Importers,
    Names,
    Offsets,
    StringRole,
    StringUse,
    names_of,
    parse,
    python_files_with,
)
from orchestra_codemods.project import Project

_SETTERS = {"setattr", "delattr", "object"}
_READERS = {"getattr", "hasattr"}
_WHOLE = {"__dict__", "__name__"}
_REPLACES = re.compile(r"patch|setattr|delattr|setitem|reload|__dict__")
_REMEDY = "Change this first, or use `--placement in-place`."


@dataclass(frozen=True, slots=True)
class _Sides:
    """Who reads the names of a module: the code that is taken out, and everybody else."""

    along: Along
    readers: frozenset[str]

    def is_mine(self, name: str) -> bool:
        return name in self.along.inside.used

    def is_theirs(self, name: str) -> bool:
        return name in self.along.outside.used or name in self.readers


def replaced_names(
    project: Project, old: str, new: str, along: Along, importers: Importers
) -> Iterator[CallerEdit | Obstacle]:
    """Yield an edit for each string that names what only the taken code reads, and what cannot be followed.

    ``old`` and ``new`` are the names of the module that stays and of the one that is made.
    """
    names = names_of(project)
    sides = _Sides(along, frozenset(_readers(names, importers)))
    for chain in importers.chains:
        for name in _stored(project, chain):
            if name is None or sides.is_mine(name):
                what = f"sets {name}, which the class reads" if name else "hands the whole module on"
                yield _obstacle(chain.path, chain.use.place.line, what)
    for use in importers.strings:
        if use.string.role is StringRole.PATCH and use.name and use.name not in _WHOLE:
            if sides.is_mine(use.name):
                yield from _patched(project, use, old, new, sides)
        elif what := _reaches(project, use, sides):
            yield _obstacle(use.path, use.string.place.line, what)
    yield from _globals_of_functions(project, importers)
    for rebound in sorted(along.inside.rebound):
        if rebound in sides.readers:
            yield Obstacle(
                1, f"its class cannot be taken out: others read {rebound}, which it rebinds", _REMEDY
            )


def _globals_of_functions(project: Project, importers: Importers) -> Iterator[Obstacle]:
    """Yield where who imports the module asks a function for the names that it reads: not all are there."""
    users = {site.path for site in importers.sites} | {chain.path for chain in importers.chains}
    for path in python_files_with(project, ["__globals__"]):
        if path in users:
            text = project.sources.text(path)
            line = text.count("\n", 0, text.index("__globals__")) + 1
            yield _obstacle(path, line, "reaches names through a function of the module")


def _reaches(project: Project, use: StringUse, sides: _Sides) -> str:
    """Return how a string may reach any name of the module, nothing where it does not."""
    if use.string.role is StringRole.PATCH:
        return "patches several names of the module"
    if use.string.role is StringRole.IMPORT:
        return "" if use.name else "hands the whole module on"
    may_be_patched = not use.name or sides.is_mine(use.name)
    if use.string.role is StringRole.VALUE and use.path.endswith(".py") and may_be_patched:
        replaces = _REPLACES.search(project.sources[use.path].text)
        return f"names {use.string.text}, and its file replaces things by their name" if replaces else ""
    return ""


def _patched(
    project: Project, use: StringUse, old: str, new: str, sides: _Sides
) -> Iterator[CallerEdit | Obstacle]:
    place = use.string.place
    text = project.sources[use.path].text
    if sides.is_theirs(use.name):
        yield _obstacle(use.path, place.line, f"patches {use.name}, which the class and others read")
    elif text[place.start : place.end] != use.string.text or use.module != old:
        yield _obstacle(use.path, place.line, f"patches {use.name} in a way that cannot be rewritten")
    else:
        edit = Edit(place.start, place.start + len(old), new)
        yield CallerEdit(use.path, edit, (f"{old}.{use.name}", f"{new}.{use.name}"))


def _readers(names: Names, importers: Importers) -> Iterator[str]:
    """Yield the names that others read off the module while the program runs, not once when they load."""
    for site in importers.sites:
        facts = names.facts(site.path)
        if site.name and facts and facts.scopes[site.site.scope].kind == "function":
            yield site.name
    for chain in importers.chains:
        parts = chain.use.dotted.split(".")[chain.length :]
        if parts and not (chain.use.is_store and len(parts) == 1):
            yield parts[0]


def _stored(project: Project, chain: ChainUse) -> Iterator[str | None]:
    """Yield the name that a use of the module sets; None where it may be any."""
    parts = chain.use.dotted.split(".")[chain.length :]
    if len(parts) == 1 and chain.use.is_store:
        yield parts[0]
    elif parts and parts[0] in _WHOLE:
        yield None
    elif not parts and not chain.use.is_text:
        yield from _handed_on(project.sources[chain.path].text, chain.use.place.start)


def _handed_on(text: str, start: int) -> Iterator[str | None]:
    offsets = Offsets(text)
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Call) and node.args and offsets.place(node.args[0]).start == start:
            function = node.func
            word = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            named = node.args[1] if len(node.args) > 1 else None
            if isinstance(named, ast.Constant) and isinstance(named.value, str):
                if word in _READERS:
                    return
                if word in _SETTERS:
                    yield named.value
                    return
    yield None


def _obstacle(path: str, line: int, what: str) -> Obstacle:
    return Obstacle(1, f"its class cannot be taken out: line {line} of {path} {what}", _REMEDY)
