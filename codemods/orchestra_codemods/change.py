"""What a unit found, wants to change or refuses, and what became of it: plain values without syntax trees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from orchestra.errors import OrchestraError
from orchestra_codemods.source import Source


class OverlappingEditsError(OrchestraError):
    """Two edits of one file touch the same characters."""

    code = "overlapping-edits"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: lines from 1, columns from 0, both counted in characters; the end is exclusive."""

    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the characters ``[start, end)`` of a source's text. An insertion has ``start == end``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Addition(Edit):
    """An insertion of whole lines that may stand before or after others at the same place."""


class Safety(StrEnum):
    """What may be done with a fix: apply it, apply it when asked, or only show it."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of one file: that in which the finding stands, or the one at ``path`` where that is given.

    A file that does not exist is created: its edits are those of an empty text. ``beside`` are edits of other
    files by path, where one without the others would break something.
    """

    edits: tuple[Edit, ...]
    safety: Safety
    path: str | None = None
    beside: tuple[tuple[str, tuple[Edit, ...]], ...] = ()

    def by_path(self, own: str) -> dict[str, tuple[Edit, ...]]:
        """Return all edits by file; ``own`` is where the finding stands."""
        return {self.path or own: self.edits, **dict(self.beside)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a unit has to say about a place."""

    unit: str
    path: str
    span: Span
    message: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was asked for and is not done, with the reason and the remedy."""

    unit: str
    path: str
    span: Span
    why: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out of the work, by name and with the reason."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Edits that a unit wants in one file; several units' edits of a file become one change.

    A file that does not exist is created: its edits are those of an empty text.
    """

    unit: str
    path: str
    edits: tuple[Edit, ...]
    because: str
    unused: tuple[str, ...] = ()
    """Imported names that nothing takes from the file, and that go."""


class Kind(StrEnum):
    """What a change does to the tree."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    RENAME = "rename"


class Proof(IntEnum):
    """How much is known about a change, least first (spec/migration.md, section 5)."""

    NONE = 0
    COMPILES = 1
    SAME_TREE = 2
    IMPORTS = 3
    TESTED = 4


FACADE = "get_orchestration_facade"
"""The function that returns a project's facade."""


@dataclass(frozen=True, slots=True, order=True)
class FacadeCall:
    """An awaited method call that becomes a call of the facade: the mapping that a caller's change declares.

    ``line`` and ``column`` are where the `await` stands before, as `ast` counts. ``name`` is the registered
    name, None where the receiver itself is handed over. ``facade`` is what the file calls the function that
    returns the facade, which it has from ``module``.
    """

    line: int
    column: int
    name: str | None
    operation: str
    facade: str
    module: str


@dataclass(frozen=True, slots=True)
class Change:
    """One file before and after.

    Without ``before`` the file is created, without ``after`` it is deleted; where the two have different
    paths it is renamed. ``units`` names who asked for it: what fails takes its unit's other changes along.
    ``names`` and ``calls`` are set where nothing but dotted names and calls changes: each before and after.
    ``unused`` are imported names that nothing takes from the file, and that go.
    """

    before: Source | None
    after: Source | None
    because: str
    units: tuple[str, ...] = ()
    proof: Proof = Proof.NONE
    names: tuple[tuple[str, str], ...] = ()
    calls: tuple[FacadeCall, ...] = ()
    unused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise ValueError("a change needs a file before or after")

    @property
    def path(self) -> str:
        """Where the file is afterwards; for a deletion, where it was."""
        source = self.after or self.before
        assert source is not None
        return source.path

    @property
    def kind(self) -> Kind:
        """What is done to the tree."""
        if self.before is None:
            return Kind.CREATE
        if self.after is None:
            return Kind.DELETE
        return Kind.EDIT if self.before.path == self.after.path else Kind.RENAME

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be different."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Plan:
    """All that would be done, and all that would not."""

    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """The plan is on disk; ``id`` names the journal entry that takes it back."""

    plan: Plan
    id: str


@dataclass(frozen=True, slots=True)
class Planned:
    """Nothing was written, because nobody asked for it or there was nothing to write."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written, because the tree is not in the state that the plan was made for."""

    plan: Plan
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Writing stopped in the middle; the journal entry ``id`` finishes it or takes it back."""

    plan: Plan
    id: str
    error: OrchestraError
    written: tuple[str, ...] = ()


Outcome = Applied | Planned | Refused | Failed


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with all edits made, from the end to the start so that offsets stay true.

    Raises OverlappingEditsError where two edits touch the same characters.
    """
    ordered = sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[1].end, pair[0]))
    pieces: list[str] = []
    position = 0
    for _, edit in ordered:
        if edit.start < position:
            raise OverlappingEditsError(
                f"two edits overlap at character {edit.start}", hint="Make them one edit."
            )
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join((*pieces, text[position:]))


def edits_overlap(left: Sequence[Edit], right: Sequence[Edit]) -> bool:
    """Tell whether two sets of edits touch a common character, or insert at the same place.

    Additions do not mind each other.
    """
    return any(
        (one.start < other.end and other.start < one.end)
        or (one.start == other.start and not (isinstance(one, Addition) and isinstance(other, Addition)))
        for one in left
        for other in right
    )
