"""Orchestrators and what runs between them, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

How = Literal["import", "name", "facade"]
"""By an import, by a string that names the module as `lazy("module:name")` does, or through the facade."""


@dataclass(frozen=True, slots=True)
class Node:
    """One orchestrator. ``layer`` is proposed where it is not migrated, empty where nothing says it.

    ``line`` to ``end_line`` are those of its class, 0 where that was not found.
    """

    name: str
    layer: str
    class_name: str
    path: str
    line: int
    end_line: int
    is_migrated: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """One orchestrator uses another, at some lines of its file. ``problem`` says which rule that breaks."""

    source: Node
    target: Node
    how: How
    lines: tuple[int, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """All orchestrators, by layer and name, and all edges, in the same order."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def problems(self) -> tuple[Edge, ...]:
        """The edges that no layer may have."""
        return tuple(edge for edge in self.edges if edge.problem)
