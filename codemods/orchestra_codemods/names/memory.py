"""What is derived from a project's names, computed on demand and remembered per project and per digest."""

from __future__ import annotations

import ast
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from orchestra_codemods.names.collect import collect
from orchestra_codemods.names.facts import ModuleFacts
from orchestra_codemods.names.modules import ModuleIndex, default_source_roots
from orchestra_codemods.names.resolver import Resolver
from orchestra_codemods.project import Project, Tree
from orchestra_codemods.source import SourceError

_KEPT = 2_000
_TREES = 1_000_000
"""Characters of source whose trees may be kept at once: some 25 MB."""
_LAST = 60_000
"""Characters of source whose trees `parse` keeps: of one class many questions are asked in a row."""


class Names:
    """The names of one project: module index, facts per file, and a resolver over them.

    ``problems`` has each file that was looked at and could not be read or parsed, with the reason.
    """

    def __init__(self, project: Project) -> None:
        paths = tuple(project.sources)
        roots = project.config.source_roots or default_source_roots(paths)
        self.index = ModuleIndex(paths, roots)
        self.problems: dict[str, str] = {}
        self._sources = project.sources
        self._shared = _of_trees.setdefault(project.sources.tree, {})
        self._own: dict[str, ModuleFacts | str | None] = {}
        self._trees: dict[str, ast.Module] = {}
        self._room_for_trees = 0
        self.resolver = Resolver(self.index, self.facts)

    def facts(self, path: str) -> ModuleFacts | None:
        """Return the facts of a Python file, or None where it cannot be read or parsed."""
        known = self._shared if self._sources.is_on_disk(path) else self._own
        if path not in known:
            known[path] = self._read(path)
        found = known[path]
        if isinstance(found, str):
            self.problems[path] = found
            return None
        return found

    @contextmanager
    def keeping_trees(self) -> Iterator[None]:
        """Keep what is parsed for facts until `tree` asks for it, as far as memory allows."""
        self._room_for_trees = _TREES
        try:
            yield
        finally:
            self._room_for_trees = 0
            self._trees.clear()

    def tree(self, path: str) -> ast.Module:
        """Return the syntax tree of a file that has facts. It is the caller's: it is not kept here."""
        kept = self._trees.pop(path, None)
        return parse_anew(self._sources[path].text) if kept is None else kept

    def _read(self, path: str) -> ModuleFacts | str | None:
        """Return the facts of a file, or why it has none; nothing where the project has no such file."""
        try:
            source = self._sources[path]
        except KeyError:
            return None
        except OSError as error:
            return f"it cannot be read: {error.strerror or error}"
        except SourceError as error:
            return error.message
        facts = _remembered.get(source.digest)
        if facts is not None:
            _remembered.move_to_end(source.digest)
            return facts
        try:
            tree = parse_anew(source.text)
            facts = collect(source.text, tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return parse_failure(error)
        if len(source.text) <= self._room_for_trees:
            self._room_for_trees -= len(source.text)
            self._trees[path] = tree
        _remembered[source.digest] = facts
        if len(_remembered) > _KEPT:
            _remembered.popitem(last=False)
        return facts


def names_of(project: Project) -> Names:
    """Return the names of a project; the same object for the same project."""
    if project not in _names:
        _names[project] = Names(project)
    return _names[project]


def forget() -> None:
    """Forget what was read, so that a test or a measurement starts cold."""
    _names.clear()
    _of_trees.clear()
    _remembered.clear()
    _last.clear()


def parse(text: str) -> ast.Module:
    """Return the tree of a text, for reading only: whoever asks next for the same text gets the same tree.

    Raises SyntaxError, ValueError, RecursionError and MemoryError as `parse_anew` does.
    """
    tree = _last.pop(text, None) or parse_anew(text)
    if len(text) <= _LAST:
        _last[text] = tree
        while sum(map(len, _last)) > _LAST:
            _last.popitem(last=False)
    return tree


def parse_anew(text: str) -> ast.Module:
    """Parse Python without a word on stderr about invalid escapes in somebody else's code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parse_failure(error: Exception) -> str:
    """Say in one clause why a file does not parse."""
    if isinstance(error, SyntaxError):
        where = f" in line {error.lineno}" if error.lineno else ""
        return f"it does not parse as Python: {error.msg}{where}"
    if isinstance(error, RecursionError | MemoryError):
        return "it does not parse as Python: an expression is nested too deeply"
    return f"it does not parse as Python: {error}"


_names: WeakKeyDictionary[Project, Names] = WeakKeyDictionary()
_of_trees: WeakKeyDictionary[Tree, dict[str, ModuleFacts | str | None]] = WeakKeyDictionary()
"""What the files on disk say, for all versions of a project."""
_remembered: OrderedDict[str, ModuleFacts] = OrderedDict()
_last: OrderedDict[str, ast.Module] = OrderedDict()
