"""What a rule yields: a place, a sentence, and the edits that would mend it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from orchestra_codemods.change import Edit, Fix, Safety, Span

Place = ast.AST | Span


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that is wrong at a node, or at a span where there is no node."""

    at: Place
    message: str
    fix: Fix | None = None


def safe(*edits: Edit) -> Fix:
    """Return a fix that changes no behaviour but the defect."""
    return Fix(tuple(edits), Safety.SAFE)


def unsafe(*edits: Edit) -> Fix:
    """Return a fix that a person should look at."""
    return Fix(tuple(edits), Safety.UNSAFE)
