"""Imports that a fix leaves without use go with it; those that nobody used before are left."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from orchestra_codemods.change import Edit, Rewrite
from orchestra_codemods.config import Config
from orchestra_codemods.names import Importers, globals_of, importers_of, names_of
from orchestra_codemods.project import Project
from orchestra_codemods.syntax.file import File

_Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Takes away imports that the files of ``before`` used and that no changed file uses any more.

    With ``careful`` only those of the standard library: importing others may do something.
    """

    before: Project
    careful: bool

    @property
    def slug(self) -> str:
        """What stands in reports."""
        return "unused-import"

    def contribute(self, project: Project) -> Iterator[Rewrite]:
        """Yield what takes away each import that has become useless."""
        for path in sorted(project.sources.changed.keys() & set(self.before.sources)):
            was = globals_of(self.before.sources[path].text, path) if path.endswith(".py") else None
            now = globals_of(project.sources[path].text, path) if was is not None else None
            useless = was.used - now.used if was is not None and now is not None else frozenset()
            if useless:
                yield from self._removals(project, path, useless)

    def _removals(self, project: Project, path: str, useless: frozenset[str]) -> Iterator[Rewrite]:
        file = File(project.sources[path], Config())
        importers: Importers | None = None
        for node in file.tree.body:
            if not isinstance(node, _Import) or not file.is_alone(node) or self._may_do_something(node):
                continue
            rest = file.text[: file.start(node)] + file.text[file.end(node) :]
            names = [
                name
                for name in (one.asname or one.name for one in node.names)
                if name in useless and re.search(rf"\b{re.escape(name)}\b", rest) is None
            ]
            if names:
                importers = importers or importers_of(project, path)
                names = [name for name in names if not _is_wanted(project, path, name, importers)]
            edits = _without(file, node, names)
            if edits:
                because = f"nothing uses {', '.join(names)} any more"
                yield Rewrite(self.slug, path, edits, because, tuple(names))

    def _may_do_something(self, node: _Import) -> bool:
        modules = (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
        is_relative = isinstance(node, ast.ImportFrom) and node.level > 0
        roots = {module.partition(".")[0] for module in modules}
        return "__future__" in roots or (
            self.careful and (is_relative or not roots <= sys.stdlib_module_names)
        )


def _is_wanted(project: Project, path: str, name: str, importers: Importers) -> bool:
    """Tell whether another module may take a name from this one, or it is bound in another way, too."""
    facts = names_of(project).facts(path)
    if facts is None or path.endswith("__init__.py") or name in (facts.exports or ()):
        return True
    if sum(one.name == name and one.scope == 0 for one in facts.bindings) != 1:
        return True
    taken = {site.name for site in importers.sites} | {
        part for chain in importers.chains for part in chain.use.dotted.split(".")[chain.length :][:1]
    }
    strings = (*importers.strings, *importers.indirect)
    return bool({name, "*"} & taken) or any(one.name.partition(".")[0] == name for one in strings)


def _without(file: File, node: _Import, names: list[str]) -> tuple[Edit, ...]:
    """Return the edits that take names out of an import statement, none where a comment would be lost."""
    start, end = file.line_start(node), file.line_end(node)
    if not names or "#" in file.text[start:end]:
        return ()
    kept = [one for one in node.names if (one.asname or one.name) not in names]
    if not kept:
        return (Edit(start, end, ""),)
    first, last = file.start(node.names[0]), file.end(node.names[-1])
    return (Edit(first, last, ", ".join(file.text_of(one) for one in kept)),)
