"""Which files may refer to a module: by importing it, or by importing what passes its names on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname

from orchestra_codemods.names.facts import BindingKind
from orchestra_codemods.names.memory import names_of
from orchestra_codemods.names.resolution import Definition
from orchestra_codemods.names.search import files_with, places_of, word_starts, words_of
from orchestra_codemods.project import Project

_BY_DOTS = re.compile(rb"\bfrom\s*\.[.\s]*import\b")
_BEFORE_PATH = re.compile(rb"(?:\b(?:from|import)\s+|[\"'](?=[\w.\x80-\xff]*\.\Z))([\w.\x80-\xff]*)\Z")
_IN_IMPORT = re.compile(rb"\bimport\b|[\"']\Z|\\\r?\n[^\r\n]*\Z")
_IN_CHAIN = re.compile(rb"([\w\x80-\xff]+)\s*\.\s*\Z")
_OPEN_IMPORT = re.compile(rb"\bimport[\s\\]*\Z")


def files_reaching(project: Project, targets: Collection[str]) -> set[str]:
    """Return the Python files that may import, patch or name one of the modules, directly or through others.

    Judged by their bytes first; of the files found so, those that pass names of a target on are parsed,
    and their importers are looked for in turn, until nothing new turns up.
    """
    search = _Search(project, frozenset(targets))
    fresh: Mapping[str, frozenset[str] | None] = dict.fromkeys(sorted(targets))
    while fresh:
        hits = search.importers(fresh) - search.hits
        search.hits |= hits
        fresh = search.passing_on(sorted(hits))
    return search.hits


class _Search:
    def __init__(self, project: Project, targets: frozenset[str]) -> None:
        self.project = project
        self.names = names_of(project)
        self.targets = targets
        self.hits: set[str] = set()
        self._words: dict[str, set[str]] = {}
        self._dots: dict[str, bool] = {}
        self._own_stems: dict[str, set[str]] = {}
        self._homes: dict[str, tuple[str, set[str]]] = {}
        self._python = set(project.sources.python_paths())
        own = {name for path in targets for name in self._own_names(path)}
        stems = {word for path in targets for word in self._stems(path)}
        files_with(project, own | stems)  # one look for all that will be asked for, renamed names apart

    def importers(self, passing: Mapping[str, frozenset[str] | None]) -> set[str]:
        """Return the files that may import the modules; with names, only where they take one of them."""
        asked = {name for names in passing.values() for name in names or ()}
        asked |= {stem for module, names in passing.items() if names is None for stem in self._stems(module)}
        places = places_of(self.project, asked)
        to_judge: dict[str, list[str]] = {}
        found: set[str] = set()
        for module, names in passing.items():
            stems = self._stems(module)
            hits = {path for word in (stems if names is None else names) for path in places[word]}
            for path in (hits & self._python) - self.hits:
                if names is None or stems & self._words_of(path):
                    to_judge.setdefault(path, []).append(module)
            found |= self._by_dots(module, hits if names is not None else self._python)
        return found | {path for path, modules in to_judge.items() if self._is_meant(path, modules)}

    def _words_of(self, path: str) -> set[str]:
        if path not in self._words:
            self._words[path] = words_of(self.project, path)
        return self._words[path]

    def passing_on(self, paths: Iterable[str]) -> dict[str, frozenset[str] | None]:
        """Return which of the files let others have names of a target, and under which names."""
        found: dict[str, frozenset[str] | None] = {}
        for path in paths:
            aliases = frozenset(self._aliases(path))
            if aliases and path not in self.targets and self.names.index.modules(path):
                found[path] = aliases
        return found

    def _own_names(self, path: str) -> set[str]:
        facts = self.names.facts(path)
        return {each.name for each in facts.bindings if each.scope == 0 and each.site < 0} if facts else set()

    def _stems(self, path: str) -> set[str]:
        if path not in self._own_stems:
            words = {module.name.rpartition(".")[2] for module in self.names.index.modules(path)}
            stem = basename(path).partition(".")[0]
            is_name = stem.isidentifier() and stem != "__init__"
            self._own_stems[path] = words | {stem} if is_name else words
        return self._own_stems[path]

    def _is_meant(self, path: str, modules: Iterable[str]) -> bool:
        try:
            data = self.project.sources.data(path)
        except OSError:
            return False
        written = _Written(path, data)
        return any(self._names_module(written, module) for module in modules)

    def _names_module(self, written: _Written, module: str) -> bool:
        home, parents = self._parents(module)
        found = [written.before(stem) for stem in self._stems(module)]
        if any(home in each.folders or parents & (each.packages | each.chained) for each in found):
            return True
        by_name = any(each.is_imported for each in found)
        if not by_name and not any(each.chained for each in found):
            return False
        names = (each.name for each in self.names.index.modules(module))
        packages = {name.rpartition(".")[0].rpartition(".")[2] for name in names}
        is_loaded = any(not each or written.before(each).is_named for each in packages)
        return is_loaded or (by_name and self._has_dots(written.path))

    def _parents(self, module: str) -> tuple[str, set[str]]:
        """Return the folder from which a module is imported, and the last parts of its packages' names."""
        if module not in self._homes:
            is_package = basename(module).startswith("__init__.")
            home = dirname(dirname(module)) if is_package else dirname(module)
            packages = (each.name.rpartition(".")[0] for each in self.names.index.modules(module))
            self._homes[module] = home, {basename(home), *(each.rpartition(".")[2] for each in packages)}
        return self._homes[module]

    def _by_dots(self, module: str, candidates: Iterable[str]) -> set[str]:
        """Return the files that may reach a package by dots alone (`from . import x`), without naming it."""
        if basename(module) != "__init__.py":
            return set()
        folder = f"{dirname(module)}/" if dirname(module) else ""
        inside = [each for each in candidates if each.startswith(folder) and each != module]
        return {each for each in inside if each in self._python and self._has_dots(each)}

    def _has_dots(self, path: str) -> bool:
        if path not in self._dots:
            try:
                self._dots[path] = _BY_DOTS.search(self.project.sources.data(path)) is not None
            except OSError:
                return False
        return self._dots[path]

    def _aliases(self, path: str) -> Iterable[str]:
        facts = self.names.facts(path)
        if facts is None:
            return
        resolver = self.names.resolver
        for binding in facts.bindings:
            if binding.kind is BindingKind.IMPORT and binding.scope == 0:
                found = resolver.resolve_import(path, binding.site, binding.item)
                if isinstance(found, Definition) and found.path in self.targets:
                    yield binding.name
        for number, site in enumerate(facts.imports):
            if site.names[0].name == "*":
                source = resolver.import_source(path, number)
                if isinstance(source, Definition) and (
                    source.path in self.targets or source.path in self.hits
                ):
                    yield from resolver.exported_names(source.path)


@dataclass(slots=True)
class _Before:
    """What a file writes before a word that may be the last name of a module.

    ``packages`` are the last names before it in an import or a text, ``folders`` those that dots lead to, or
    the file's own for the bare word, ``chained`` the names of which it is an attribute. ``is_imported`` says
    that it stands where names are imported.
    """

    packages: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    chained: set[str] = field(default_factory=set)
    is_imported: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the word may be a package that is imported, or named in a text."""
        return self.is_imported or bool(self.packages or self.folders)


class _Written:
    """The words of one file that are asked for, each looked for once."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self._data = data
        self._known: dict[str, _Before] = {}

    def before(self, word: str) -> _Before:
        if word not in self._known:
            self._known[word] = self._look(word)
        return self._known[word]

    def _look(self, word: str) -> _Before:
        found = _Before()
        for start in word_starts(self._data, word.encode()):
            before = _before(self._data, start)
            found.is_imported = found.is_imported or _may_be_imported(self._data, before, start)
            written, chain = _BEFORE_PATH.search(before), _IN_CHAIN.search(before)
            if written is not None:
                self._note(written[1].decode("utf-8", "replace"), found)
            elif chain is not None:
                found.chained.add(chain[1].decode("utf-8", "replace"))
        return found

    def _note(self, package: str, found: _Before) -> None:
        if package.strip("."):
            found.packages.add(package.rstrip(".").rpartition(".")[2])
            return
        folder = dirname(self.path)
        for _ in package[1:]:
            folder = dirname(folder)
        found.folders.add(folder)
        found.packages.add(basename(folder) if package else "")


def _before(data: bytes, start: int) -> bytes:
    """Return the line up to a word, with the line before it where that is continued."""
    first = data.rfind(b"\n", 0, start) + 1
    if data[max(first - 3, 0) : first].rstrip(b"\r\n").endswith(b"\\"):
        first = data.rfind(b"\n", 0, first - 1) + 1
    return data[first:start]


def _may_be_imported(data: bytes, before: bytes, start: int) -> bool:
    """Tell whether a word can be a module's name where it stands, its package being imported elsewhere."""
    if _IN_IMPORT.search(before):
        return True
    opened = data.rfind(b"(", 0, start)
    is_open = opened >= 0 and data.find(b")", opened, start) < 0
    return is_open and _OPEN_IMPORT.search(data, max(opened - 40, 0), opened) is not None
