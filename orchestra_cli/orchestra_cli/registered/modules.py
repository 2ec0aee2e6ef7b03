"""Modules of a project by name, parsed at most once."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Modules:
    """The modules below some source roots. ``looked_at`` collects every file that an answer rests on."""

    root: Path
    source_roots: Sequence[str]
    looked_at: dict[str, None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _trees: dict[str, ast.Module] = field(default_factory=dict)

    def path_of(self, module: str) -> str | None:
        """Return the file of a module, relative to the root; a package comes before a module."""
        for source_root in self.source_roots:
            base = "/".join(part for part in (source_root, *module.split(".")) if part not in ("", "."))
            for path in (f"{base}/__init__.py", f"{base}.py"):
                if (self.root / path).is_file():
                    return path
        return None

    def tree(self, path: str) -> ast.Module:
        """Return the syntax of a file; that of an empty one where it cannot be read, which is noted."""
        self.looked_at[path] = None
        if path not in self._trees:
            try:
                self._trees[path] = ast.parse((self.root / path).read_bytes())
            except (SyntaxError, ValueError, OSError) as error:
                self.problems.append(f"{path} cannot be read: {error}")
                self._trees[path] = ast.Module([], [])
        return self._trees[path]

    def files_below(self, package: str) -> list[tuple[str, str]]:
        """Return module name and path of everything in a package, sorted."""
        home = self.path_of(package)
        if home is None or not home.endswith("/__init__.py"):
            return []
        folder = (self.root / home).parent
        found = []
        for file in sorted(folder.rglob("*.py")):
            inner = file.relative_to(folder).with_suffix("").parts
            name = ".".join((package, *(inner[:-1] if inner[-1] == "__init__" else inner)))
            found.append((name, file.relative_to(self.root).as_posix()))
        return found


def absolute(module: str | None, level: int, importer: str, *, is_package: bool) -> str:
    """Return the absolute name of what `from ..module import x` names in ``importer``."""
    if not level:
        return module or ""
    parts = importer.split(".")
    keep = len(parts) - level + (1 if is_package else 0)
    return ".".join((*parts[:keep], *([module] if module else [])))
