"""What one file contributes to rules that look at the whole project: plain values that a cache can keep."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestra_codemods.change import Fix, Span
from orchestra_codemods.config import Config
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source
from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.prefilter import Part

Tokens = tuple[tuple[Part, ...], ...]
"""A file concerns a rule when of each group at least one part fits its bytes."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that stands in a file; ``data`` is strings by name, ``symbol`` the path of definitions
    around.
    """

    name: str
    span: Span
    symbol: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Collector:
    """Finds facts of one kind in the walk that all rules share; several rules may ask for them."""

    kind: str
    tokens: Tokens
    nodes: tuple[type[ast.AST], ...]
    collect: Callable[[File, Any], Iterator[Fact]]
    in_tests: bool = False
    """Whether it looks at tests, and at nothing else."""
    scan: Callable[[str, bytes], Iterator[Fact]] | None = None
    """Finds facts in path and bytes, without parsing; such a collector has no nodes."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A hit of a rule that looked at the facts of all files: the fact it is about, in its file."""

    path: str
    fact: Fact
    message: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of all files by kind, in the order of paths; and what exists beside them."""

    by_kind: Mapping[str, tuple[tuple[str, Fact], ...]]
    paths: frozenset[str]
    config: Config
    source: Callable[[str], Source | None]
    """A file of the project as it is, or None where there is none that can be read."""
    project: Project
    """All of it, for what facts of single files cannot answer."""
    today: str = ""
    """The date, as YYYY-MM-DD; what depends on it is judged at every run."""

    def read(self, path: str) -> str | None:
        """Return the text of a file of the project, or None."""
        source = self.source(path)
        return None if source is None else source.text

    def of(self, collector: Collector) -> tuple[tuple[str, Fact], ...]:
        """Return path and fact for everything that a collector found."""
        return self.by_kind.get(collector.kind, ())
