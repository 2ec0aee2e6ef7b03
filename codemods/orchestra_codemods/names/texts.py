"""Dotted module names outside Python code: in configuration, where they are references, and in documents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from orchestra_codemods.names.facts import DottedString, StringRole
from orchestra_codemods.names.memory import names_of
from orchestra_codemods.names.modules import ModuleIndex
from orchestra_codemods.names.positions import Offsets
from orchestra_codemods.names.search import files_with
from orchestra_codemods.project import Project
from orchestra_codemods.source import PYTHON_SUFFIXES, SourceError

CONFIGURATION_SUFFIXES = (".toml", ".yaml", ".yml", ".ini", ".cfg", ".json", ".conf", ".env")


@dataclass(frozen=True, slots=True)
class StringUse:
    """A string literal, or a dotted name in another kind of file, that names the module or a name of it.

    ``is_certain`` says that what surrounds it loads or patches by that name. ``is_missing`` says that the
    module exists and the rest of the name does not. ``leads_to`` is the file that defines what is named,
    another one than the module's where the module only passes the name on.
    """

    path: str
    string: DottedString
    module: str
    name: str
    is_certain: bool
    is_missing: bool = False
    leads_to: str = ""


def texts_naming(project: Project, targets: Collection[str]) -> Iterator[tuple[StringUse, str]]:
    """Yield where other files name one of the modules, dotted or by path, with the module's path."""
    index = names_of(project).index
    paths = {module.name: target for target in targets for module in index.modules(target)}
    if not paths:
        return
    stems: dict[str, list[str]] = {}
    for name in (*paths, *targets):
        stems.setdefault(_stem(name), []).append(name)
    for hit, words in files_with(project, stems).items():
        named = _written_in(project, hit, [name for word in words for name in stems[word]])
        if not named:
            continue
        try:
            offsets = Offsets(project.sources[hit].text)
        except (OSError, SourceError):
            continue
        if is_plan(offsets.text):
            continue
        yield from _dotted_in(hit, offsets, paths, index)
        by_path = _by_path(name for name in named if name in targets)
        for match in by_path.finditer(offsets.text):
            path = match.group(0)
            string = DottedString(path, offsets.between(*match.span()), StringRole.PATH)
            module = index.module(path)
            is_settings = hit.endswith(CONFIGURATION_SUFFIXES)
            yield StringUse(hit, string, module.name if module else "", "", is_settings, leads_to=path), path


PLAN_SCHEMA = "orchestra/plan/"
"""How the schema of a migration's plan begins; such a file names modules, and nothing loads them by it."""


def is_plan(text: str) -> bool:
    """Tell whether a text is the plan of a migration."""
    return PLAN_SCHEMA in text and _PLAN.search(text) is not None


_PLAN = re.compile(rf'^schema = "{PLAN_SCHEMA}', re.MULTILINE)


def _written_in(project: Project, hit: str, names: Iterable[str]) -> list[str]:
    """Return which of the names and paths stand in a file: of the many that have such a word, few do."""
    if hit.endswith(PYTHON_SUFFIXES):
        return []
    try:
        data = project.sources.data(hit)
    except OSError:
        return []
    return [name for name in names if any(form.encode() in data for form in _forms(name))]


def _forms(name: str) -> tuple[str, ...]:
    """Return how a module or a path can be written: `a.b.c`, and `a.b:c` where it stands for an object."""
    package, dot, last = name.rpartition(".")
    return (name, f"{package}:{last}") if dot and "/" not in name else (name,)


def _dotted_in(
    hit: str, offsets: Offsets, paths: Mapping[str, str], index: ModuleIndex
) -> Iterator[tuple[StringUse, str]]:
    for match in _DOTTED.finditer(offsets.text):
        written = match.group()
        parts = re.split(r"[.:]", written)
        names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        name = next((each for each in names if index.find(each)), None)
        if name is None or name not in paths:
            continue
        rest = written[len(name) + 1 :].replace(":", ".")
        line = offsets.text[offsets.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        is_logger = _QUALIFIED.fullmatch(line) is not None
        role = StringRole.LOGGER if is_logger else StringRole.VALUE
        string = DottedString(written, offsets.between(*match.span()), role)
        is_certain = hit.endswith(CONFIGURATION_SUFFIXES) and not is_logger
        yield StringUse(hit, string, name, rest, is_certain, leads_to=paths[name]), paths[name]


_DOTTED = re.compile(r"(?<![\w.])[^\W\d]\w*(?:(?:\.[^\W\d]\w*)+(?::[^\W\d]\w*)?|:[^\W\d]\w*)(?![\w])")
_QUALIFIED = re.compile(r"qualname\s*[=:]\s*")
"""What stands before a logger's name in a file for `logging.config.fileConfig`."""
_NEVER = "(?!)"


def _by_path(targets: Iterable[str]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(target) for target in sorted(targets, key=len, reverse=True)) or _NEVER
    return re.compile(rf"(?<![\w/.-])(?:{alternatives})(?![\w])")


def _stem(name: str) -> str:
    """Return the word without which neither a dotted name nor a path can be written."""
    if "/" in name or name.endswith(PYTHON_SUFFIXES):
        return name.rpartition("/")[2].partition(".")[0]
    return name.rpartition(".")[2]
