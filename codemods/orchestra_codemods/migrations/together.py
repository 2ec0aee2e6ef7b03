"""Which files may meet in one program: by the imports that their bytes show.

Read with a pattern, not parsed: what looks like an import in a text counts, and so does every dotted name in
quotes, because a file that is taken for a stranger by mistake does harm and one too many does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from weakref import WeakKeyDictionary

from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.names import ModuleIndex, absolute_name, names_of
from orchestra_codemods.project import Project, Tree

_IMPORT = re.compile(
    rb"^[ \t;]*from[ \t]+([.\w\x80-\xff]+)[ \t]+import[ \t]*(\([^)]*\)|(?:[^\r\n\\]|\\\r?\n)*)"
    rb"|^[ \t;]*import[ \t]+((?:[^\r\n\\#;]|\\\r?\n)+)"
    rb"""|["']([\w\x80-\xff]+(?:\.[\w\x80-\xff]+)+)(?=[:"'])""",
    re.MULTILINE,
)
_WORD = re.compile(r"[\w.]+")

_graphs: WeakKeyDictionary[Tree, Imports] = WeakKeyDictionary()


def may_meet(project: Project, path: str, other: str) -> bool:
    """Tell whether some file leads to both files by imports, or one of them to the other.

    Tests do not count: they bring together what no program does. The imports are those of the project before
    the first change; a file that was made later may meet any.
    """
    tree = project.sources.tree
    if tree not in _graphs:
        _graphs[tree] = Imports(project)
    return _graphs[tree].may_meet(path, other)


class Imports:
    """The files of a project, each with those that it imports directly, their packages among them."""

    def __init__(self, project: Project) -> None:
        index = names_of(project).index
        files = (path for path in project.sources.python_paths() if path.endswith(".py"))
        self._leads_to = {path: set(_imported(project, index, path)) for path in files}
        self._comes_from: dict[str, set[str]] = {}
        for path, targets in self._leads_to.items():
            if not is_test(path):
                for target in targets:
                    self._comes_from.setdefault(target, set()).add(path)
        self._met: dict[str, set[str]] = {}

    def may_meet(self, path: str, other: str) -> bool:
        """Tell whether a program that has one of the files may have the other."""
        if not {path, other} <= self._leads_to.keys():
            return True
        if path not in self._met:
            self._met[path] = _closure(self._leads_to, _closure(self._comes_from, [path]))
        return other in self._met[path]


def _closure(edges: Mapping[str, set[str]], starts: Iterable[str]) -> set[str]:
    found = set(starts)
    fresh = list(found)
    while fresh:
        more = edges.get(fresh.pop(), set()) - found
        found |= more
        fresh += more
    return found


def _imported(project: Project, index: ModuleIndex, path: str) -> Iterator[str]:
    try:
        data = project.sources.data(path)
    except OSError:
        return
    for base, names, plain, quoted in _IMPORT.findall(data):
        dotted = _names_of_from(index, path, base.decode(errors="replace"), names) if base else []
        dotted += [_text(quoted)] if quoted else []
        dotted += [part.split()[0] for part in _text(plain).split(",") if part.split()] if plain else []
        for name in dotted:
            yield from _files_of(index, name, path)


def _names_of_from(index: ModuleIndex, path: str, base: str, names: bytes) -> list[str]:
    level = len(base) - len(base.lstrip("."))
    modules = index.modules(path)
    packages = [module.package for module in modules] or [""]
    found = []
    for package in packages if level else packages[:1]:
        whole = absolute_name(base[level:] or None, level, package)
        if whole:
            found += [whole, *(f"{whole}.{name}" for name in _WORD.findall(_text(names)))]
    return found


def _files_of(index: ModuleIndex, name: str, importer: str) -> Iterator[str]:
    """Yield the file of a module and those of the packages above it, which run first."""
    while name:
        found = index.find(name, importer)
        if found is not None and found.path is not None:
            yield found.path
        name = name.rpartition(".")[0]


def _text(data: bytes) -> str:
    return data.replace(b"\\", b" ").decode(errors="replace")
