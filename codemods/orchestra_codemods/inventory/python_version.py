"""Which Python a project is for, before anything of it is judged."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from posixpath import dirname

from orchestra_codemods.inventory.model import RefusedBecause
from orchestra_codemods.project import Project

OLDEST = (3, 11)
"""The oldest Python that the framework runs on."""
_BOUND = re.compile(r"(>=|>|~=|===?|\^|~)?\s*(\d+)(?:\.(\d+))?")


def why_not_this_python(project: Project, path: str) -> RefusedBecause | None:
    """Return why a file is for a Python that the framework, or the one that runs us, cannot follow."""
    found = _nearest(project, path)
    if found is None:
        return None
    settings, lowest = found
    said = ".".join(map(str, lowest))
    if lowest < OLDEST:
        why = f"{settings} says that it runs on Python {said}, and the framework needs {_dotted(OLDEST)}"
        return RefusedBecause(why, f"Raise `requires-python` to >={_dotted(OLDEST)} first.")
    if lowest > sys.version_info[:2]:
        ours = _dotted(sys.version_info[:2])
        why = f"{settings} asks for Python {said}, of which Python {ours} may not know the syntax"
        return RefusedBecause(why, f"Install orchestra with Python {said} and run it there.")
    return None


def _nearest(project: Project, path: str) -> tuple[str, tuple[int, int]] | None:
    """Return the settings file nearest above a file that says which Python is the lowest, with that."""
    for folder in _folders(path):
        settings = f"{folder}/pyproject.toml" if folder else "pyproject.toml"
        if settings in project.sources:
            lowest = _lowest(project.sources[settings].text)
            if lowest is not None:
                return settings, lowest
    return None


def _folders(path: str) -> Iterator[str]:
    while path:
        path = dirname(path)
        yield path


def _lowest(text: str) -> tuple[int, int] | None:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    poetry = table.get("tool", {}).get("poetry", {}).get("dependencies", {})
    said = table.get("project", {}).get("requires-python") or poetry.get("python")
    if not isinstance(said, str):
        return None
    bounds = [match for part in said.split(",") if (match := _BOUND.fullmatch(_plain(part)))]
    return max(((int(each[2]), int(each[3] or 0)) for each in bounds), default=None)


def _plain(clause: str) -> str:
    """Return a clause without its third number and without a star; empty for an upper bound."""
    clause = clause.strip()
    if clause.startswith(("<", "!")):
        return ""
    return re.sub(r"(\d+\.\d+)\..*", r"\1", clause).removesuffix(".*")


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
