"""Marks of every style: a note beside a live module, a file in a folder, a docstring, a shim or a notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from posixpath import basename, dirname

from orchestra_codemods.deprecations.record import Record
from orchestra_codemods.deprecations.said import said
from orchestra_codemods.names import names_of
from orchestra_codemods.project import Project
from orchestra_codemods.source import SourceError

_BESIDE = re.compile(
    r"(?:DEPRECATED[_-])?(?P<stem>\w+?)(?:\.py)?(?:[._-]DEPRECATED)?(?:\.(?:md|txt|rst))?", re.IGNORECASE
)
_FOLDER = re.compile(r"\.?deprecated(?:\.(?:md|txt|rst))?", re.IGNORECASE)
_DOCSTRING = re.compile(
    r"\A\s*(?:#[^\n]*\n\s*)*(?:[rR]?\"{3}|[rR]?'{3}|#)\s*(?:DEPRECATED|\.\. deprecated::|\*\*DEPRECATED)\b"
)
_REPLACEMENT = re.compile(
    r"(?:replacement|replaced by|use|moved to|see|instead)\s*(?:is|:)?\s*`{0,2}"
    r"(?P<name>[A-Za-z_]\w*(?:\.\w+)+)",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_OWNER = re.compile(r"\b(?:owner|owned by|contact)\s*:?\s*`?@?(?P<owner>[\w./-]*\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that somebody left: where it stands, which module it means, and what it says."""

    path: str
    module_path: str
    record: Record


def marks_in(project: Project) -> tuple[Mark, ...]:
    """Return the marks of live modules, one a module, sorted by the module's path."""
    found: dict[str, Mark] = {}
    for path in project.sources:
        for module_path in _meant(project, path):
            mark = _mark(project, path, module_path)
            if mark is not None:
                found.setdefault(module_path, mark)
    return tuple(found[path] for path in sorted(found))


def _meant(project: Project, path: str) -> Iterator[str]:
    """Yield the live modules that a file marks as deprecated by its name or its first line."""
    name, folder = basename(path), dirname(path)
    inside = f"{folder}/" if folder else ""
    if name.endswith(".py"):
        if _says_so(project, path):
            yield path
        return
    if "deprecated" not in name.lower():
        return
    if _FOLDER.fullmatch(name):
        yield from (one for one in project.sources.python_paths() if dirname(one) == folder)
        return
    match = _BESIDE.fullmatch(name)
    live = f"{inside}{match['stem']}.py" if match else ""
    if live in project.sources:
        yield live


def _says_so(project: Project, path: str) -> bool:
    try:
        data = project.sources.data(path)
    except OSError:
        return False
    if b"orchestra.moved" in data and said(data.decode("utf-8", "replace")) is not None:
        return True
    head = data[:600]
    return b"eprecated" in head.lower() and bool(
        _DOCSTRING.match(head.decode("utf-8", "replace").lstrip("\ufeff"))
    )


def _mark(project: Project, path: str, module_path: str) -> Mark | None:
    module = names_of(project).index.module(module_path)
    if module is None:
        return None
    try:
        text = project.sources[path].text
    except (OSError, SourceError):
        text = ""
    own = said(text) if path == module_path else None
    if own is not None:
        record = Record(name=module.name, path=module_path, replacement=own.replacement, remove_on=own.day)
        return Mark(path, module_path, record)
    text = text[:1000] if path == module_path else text
    replacement = next(
        (one["name"] for one in _REPLACEMENT.finditer(text) if not one["name"].startswith(module.name)), None
    )
    owner = _OWNER.search(text)
    return Mark(
        path,
        module_path,
        Record(
            name=module.name,
            path=module_path,
            replacement=replacement,
            owner=owner["owner"] if owner else None,
            remove_on=_day(text),
        ),
    )


def _day(text: str) -> date | None:
    for match in _DAY.finditer(text):
        try:
            return date.fromisoformat(match[1])
        except ValueError:
            continue
    return None
