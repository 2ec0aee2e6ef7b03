"""Where formatters have their settings: the tables of the nearest folder that has one, tool by tool."""

from __future__ import annotations

import configparser
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError

Table = Mapping[str, Any]

_LISTS = ("select", "extend-select")


@dataclass(frozen=True, slots=True)
class Tables:
    """The settings of each tool; None where it has none. ``folder`` is where those of ruff or isort are."""

    ruff: Table | None = None
    black: Table | None = None
    isort: Table | None = None
    flake8: Table | None = None
    folder: str = ""

    @property
    def isort_of_ruff(self) -> Table:
        """How ruff sorts imports."""
        found: Table = self._of_lint("isort", {})
        return found

    @property
    def sorts_with_ruff(self) -> bool:
        """Whether ruff is told to check the order of imports."""
        codes = [code for key in _LISTS for code in self._of_lint(key, [])]
        return any(code in ("I", "I0", "I00", "I001", "ALL") for code in codes)

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders with the project's own modules, beside ``folder``; empty where that is not said."""
        found = (self.ruff or {}).get("src", (self.isort or {}).get("src_paths", ()))
        if isinstance(found, str):
            found = [each.strip() for each in found.split(",")]
        return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()

    def _of_lint(self, key: str, default: Any) -> Any:
        ruff = self.ruff or {}
        lint = ruff.get("lint")
        found = lint.get(key, ruff.get(key, default)) if isinstance(lint, dict) else ruff.get(key, default)
        return found if isinstance(found, type(default)) else default


def tables_for(project: Project, path: str) -> Tables:
    """Return the settings that hold for a file."""
    found = Tables()
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        here = _tables_in(project, folder)
        is_place = found.ruff is None and found.isort is None and (here.ruff or here.isort)
        found = replace(
            found,
            ruff=here.ruff if found.ruff is None else found.ruff,
            black=here.black if found.black is None else found.black,
            isort=here.isort if found.isort is None else found.isort,
            flake8=here.flake8 if found.flake8 is None else found.flake8,
            folder=folder if is_place else found.folder,
        )
    return found


def _tables_in(project: Project, folder: str) -> Tables:
    tools = _toml(_text(project, folder, "pyproject.toml")).get("tool", {})
    tools = tools if isinstance(tools, dict) else {}
    own = next((text for name in (".ruff.toml", "ruff.toml") if (text := _text(project, folder, name))), None)
    return Tables(
        _toml(own) if own else _table(tools, "ruff"),
        _table(tools, "black"),
        next(_sections(project, folder, (".isort.cfg",), ("settings", "isort")), None)
        or _table(tools, "isort")
        or next(_sections(project, folder, ("setup.cfg", "tox.ini"), ("isort", "tool:isort")), None),
        next(
            _sections(project, folder, (".flake8", "setup.cfg", "tox.ini"), ("flake8", "pycodestyle")), None
        ),
    )


def _sections(
    project: Project, folder: str, files: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Table]:
    for file in files:
        sections = _ini(_text(project, folder, file))
        yield from (sections[name] for name in names if name in sections)


def _table(tools: Table, name: str) -> Table | None:
    found = tools.get(name)
    return found if isinstance(found, dict) else None


def _text(project: Project, folder: str, name: str) -> str:
    path = f"{folder}/{name}" if folder else name
    try:
        return project.sources[path].text if path in project.sources else ""
    except (SourceError, OSError):
        return ""


@lru_cache(maxsize=32)
def _toml(text: str) -> Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


@lru_cache(maxsize=32)
def _ini(text: str) -> Mapping[str, Table]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {name: {key: _value(value) for key, value in parser.items(name)} for name in parser.sections()}


def _value(text: str) -> object:
    """Return a value of a file without types: a list where it has several parts."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    parts = [part.strip() for line in text.splitlines() for part in line.split(",") if part.strip()]
    return int(text) if text.isdecimal() else parts if len(parts) > 1 else text
