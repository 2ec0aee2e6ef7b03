"""Which files may refer to a module: by importing it, or by importing what passes its names on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname

from orchestra_codemods.names.facts import BindingKind
from orchestra_codemods.names.memory import names_of
from orchestra_codemods.names.resolution import Definition
from orchestra_codemods.names.search import files_with, words_of
from orchestra_codemods.project import Project

_BY_DOTS = re.compile(rb"\bfrom\s*\.[.\s]*import\b")
# WORD is the last part of a module's name
_WORD = rb"(?<![\w\x80-\xff])WORD(?![\w\x80-\xff])"
_AS_PATH = rb"\b(?:from|import)\s+[\w.\x80-\xff]*" + _WORD + rb"|[\"'][\w.\x80-\xff]*\." + _WORD
_IN_LIST = (
    rb"\bimport\b[^\r\n]*" + _WORD + rb"|\bimport\s*(?:\\\s*)?\([^)]*" + _WORD + rb"|\\\r?\n[^\r\n]*" + _WORD
)
_AS_ATTRIBUTE = rb"\.\s*" + _WORD
_IN_STRING = rb"[\"']" + _WORD


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


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How the last part of a module's name is written where the module is meant: surely, and perhaps."""

    surely: re.Pattern[bytes]
    perhaps: re.Pattern[bytes]


class _Search:
    def __init__(self, project: Project, targets: frozenset[str]) -> None:
        self.project = project
        self.names = names_of(project)
        self.targets = targets
        self.hits: set[str] = set()
        self._patterns: dict[str, _Patterns] = {}
        self._words: dict[str, set[str]] = {}
        self._python = set(project.sources.python_paths())
        own = {name for path in targets for name in self._own_names(path)}
        stems = {word for path in targets for word in self._stems(path)}
        files_with(project, own | stems)  # one look for all that will be asked for, renamed names apart

    def importers(self, passing: Mapping[str, frozenset[str] | None]) -> set[str]:
        """Return the files that may import the modules; with names, only where they take one of them."""
        found: set[str] = set()
        for module, names in passing.items():
            stems = self._stems(module)
            hits = set(files_with(self.project, stems if names is None else names, self._python))
            if names is not None:
                hits = {path for path in hits if stems & self._words_of(path)}
            found |= {path for path in hits - found if self._is_meant(path, stems, module)}
            found |= self._by_dots(module, names)
        return found

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
        return {each.name for each in facts.bindings if each.scope == 0} if facts else set()

    def _stems(self, path: str) -> set[str]:
        words = {module.name.rpartition(".")[2] for module in self.names.index.modules(path)}
        stem = basename(path).partition(".")[0]
        return words | ({stem} if stem.isidentifier() and stem != "__init__" else set())

    def _is_meant(self, path: str, stems: Iterable[str], module: str) -> bool:
        try:
            data = self.project.sources.data(path)
        except OSError:
            return False
        parents = {
            each.name.rpartition(".")[0].rpartition(".")[2] for each in self.names.index.modules(module)
        }
        patterns = [self._pattern(stem) for stem in stems]
        if any(each.surely.search(data) for each in patterns):
            return True
        if not any(each.perhaps.search(data) for each in patterns):
            return False
        return any(parent.encode() in data for parent in parents) or _BY_DOTS.search(data) is not None

    def _by_dots(self, module: str, names: frozenset[str] | None) -> set[str]:
        """Return the files that may reach a package by dots alone (`from . import x`), without naming it."""
        if basename(module) != "__init__.py":
            return set()
        folder = f"{dirname(module)}/" if dirname(module) else ""
        candidates = self._python if names is None else files_with(self.project, names, self._python)
        inside = [each for each in candidates if each.startswith(folder) and each != module]
        return {each for each in inside if self._has_dots(each)}

    def _has_dots(self, path: str) -> bool:
        try:
            return _BY_DOTS.search(self.project.sources.data(path)) is not None
        except OSError:
            return False

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

    def _pattern(self, word: str) -> _Patterns:
        if word not in self._patterns:
            raw = re.escape(word.encode())
            surely, perhaps = _AS_PATH, b"|".join((_IN_LIST, _AS_ATTRIBUTE, _IN_STRING))
            self._patterns[word] = _Patterns(
                re.compile(surely.replace(b"WORD", raw)), re.compile(perhaps.replace(b"WORD", raw))
            )
        return self._patterns[word]
