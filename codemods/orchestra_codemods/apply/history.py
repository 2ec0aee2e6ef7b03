"""What earlier runs did, as `orchestra history` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from orchestra.errors import OrchestraError
from orchestra_codemods.change import Kind


class RunState(StrEnum):
    """What became of a run.

    ``APPLIED`` stands in the tree; ``UNDONE`` was taken back by a later run; ``ROLLED_BACK`` was interrupted
    and taken back itself; ``UNFINISHED`` waits for `orchestra resume` or `orchestra undo`; ``UNREADABLE``
    cannot be used, and its ``problem`` says why.
    """

    APPLIED = "applied"
    UNDONE = "undone"
    ROLLED_BACK = "rolled-back"
    UNFINISHED = "unfinished"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class RunChange:
    """One change of a run. ``origin`` is the path before a rename."""

    path: str
    kind: Kind
    because: str
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One journaled run. ``undoes`` names the run that it took back; ``started`` is in UTC."""

    id: str
    state: RunState
    command: str = ""
    started: datetime | None = None
    changes: tuple[RunChange, ...] = ()
    undoes: str | None = None
    problem: OrchestraError | None = None
