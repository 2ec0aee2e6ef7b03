"""Who was warned when the program or its tests ran: what Python printed, and what our runtime wrote down."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from orchestra_codemods.names import names_of
from orchestra_codemods.project import Project

_PRINTED = re.compile(
    r"^\s*(?P<path>[^\s:][^:\n]*):(?P<line>\d+): \w*Warning: "
    r"(?:the module )?(?P<module>[\w.]+) (?:moved to|is deprecated)",
    re.MULTILINE,
)
_WRITTEN = re.compile(r'^\{"module": .*\}$', re.MULTILINE)


@dataclass(slots=True)
class Warned:
    """How often each `path:line` was warned about one module, and on which day last, as far as runs say."""

    places: Counter[str] = field(default_factory=Counter)
    last_day: str | None = None


class _Use(NamedTuple):
    module: str
    path: str
    line: int
    day: str | None


def warned(project: Project, text: str) -> dict[str, Warned]:
    """Return what runs have said, by the name under which a module was used.

    Read are the lines that `ORCHESTRA_DEPRECATED_USES` collects (orchestra.notices), and lines such as
    `src/main.py:3: MovedModuleWarning: the module old moved to new`, as they stand on the stderr of
    `python -W always`, in a log, and in pytest's summary of warnings. Paths of another machine are put down
    to the file of the project that they end with.
    """
    found: dict[str, Warned] = defaultdict(Warned)
    for use in (*_written(text), *_printed(text)):
        about = found[use.module]
        about.places[f"{_in_project(project, use.path)}:{use.line}"] += 1
        if use.day is not None:
            about.last_day = max(use.day, about.last_day or "")
    return dict(found)


def warned_about(project: Project, text: str, path: str) -> Warned:
    """Return what runs have said about the module at a path, under any of its names."""
    found = warned(project, text)
    merged = Warned()
    for module in names_of(project).index.modules(path):
        about = found.get(module.name, Warned())
        merged.places.update(about.places)
        merged.last_day = max(filter(None, (merged.last_day, about.last_day)), default=None)
    return merged


def _written(text: str) -> Iterator[_Use]:
    for match in _WRITTEN.finditer(text):
        try:
            use = json.loads(match[0])
            yield _Use(str(use["module"]), str(use["path"]), int(use["line"]), str(use["day"]))
        except (ValueError, KeyError, TypeError):
            continue


def _printed(text: str) -> Iterator[_Use]:
    for match in _PRINTED.finditer(text):
        yield _Use(match["module"], match["path"].strip(), int(match["line"]), None)


def _in_project(project: Project, path: str) -> str:
    full = Path(path)
    if full.is_relative_to(project.root):
        return full.relative_to(project.root).as_posix()
    parts = full.parts
    ends = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((end for end in ends if end in project.sources), path)
