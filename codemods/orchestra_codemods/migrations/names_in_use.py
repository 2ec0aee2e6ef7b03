"""Names for what a file has to import, chosen so that they clash with nothing that the file has already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Imported:
    """What is imported from a module, and under which local names."""

    module: str
    names: Mapping[str, str]

    def statement(self, width: int = 100) -> str:
        """Return the import statement, on one line where it fits."""
        parts = [
            name if name == local else f"{name} as {local}" for name, local in sorted(self.names.items())
        ]
        line = f"from {self.module} import {', '.join(parts)}"
        if len(line) <= width:
            return line
        return "\n".join([f"from {self.module} import (", *(f"    {part}," for part in parts), ")"])


def choose(module: str, wanted: Iterable[str], taken: Collection[str], prefix: str = "") -> Imported:
    """Return an import of all names, with `orchestra_` before those that mean something else in the file.

    ``prefix`` stands before each name: with an underscore it is not taken along by star imports.
    """
    names = {}
    for name in wanted:
        local = name
        while f"{prefix}{local}" in taken:
            local = f"orchestra_{local}"
        names[name] = f"{prefix}{local}"
    return Imported(module, names)
