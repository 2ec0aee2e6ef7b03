"""One pass: what each unit wants of one state of the project, merged into one change a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from orchestra_codemods.change import (
    Change,
    Edit,
    Finding,
    OverlappingEditsError,
    Refusal,
    Rewrite,
    apply_edits,
    edits_overlap,
)
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source
from orchestra_codemods.unit import Contribution, Unit

_Kind = TypeVar("_Kind", Finding, Refusal)


@dataclass(frozen=True, slots=True)
class Round:
    """The changes of one pass, no two of them touching the same file, in the order of their paths."""

    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    refusals: tuple[Refusal, ...]

    @classmethod
    def of(cls, project: Project, units: Iterable[Unit]) -> Round:
        """Ask the units, and take whole-file changes before edits and smaller names before greater."""
        wanted = [one for unit in units for one in unit.contribute(project)]
        whole = _without_conflicts([one for one in wanted if isinstance(one, Change)])
        taken = {path for change in whole for path in _paths(change)}
        edited = _edited(
            project, [one for one in wanted if isinstance(one, Rewrite) and one.path not in taken]
        )
        return cls(
            tuple(sorted((*whole, *edited), key=lambda change: change.path)),
            tuple(sorted(set(_of_kind(wanted, Finding)), key=_place)),
            tuple(sorted(set(_of_kind(wanted, Refusal)), key=_place)),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Who wants the changes."""
        return tuple(sorted({unit for change in self.changes for unit in change.units}))


def _without_conflicts(changes: list[Change]) -> list[Change]:
    """Keep of the changes that touch a file the first; equal ones become one with all their units."""
    kept: list[Change] = []
    for change in sorted((one for one in changes if not one.is_empty), key=_order_of_change):
        same = next((one for one in kept if (one.before, one.after) == (change.before, change.after)), None)
        if same is not None:
            units = tuple(sorted({*same.units, *change.units}))
            kept[kept.index(same)] = replace(
                same, units=units, because=_joined([same.because, change.because])
            )
        elif not any(set(_paths(one)) & set(_paths(change)) for one in kept):
            kept.append(change)
    return kept


def _edited(project: Project, rewrites: list[Rewrite]) -> list[Change]:
    by_path: dict[str, list[Rewrite]] = {}
    for rewrite in sorted(set(rewrites), key=lambda one: (one.path, one.unit, one.edits, one.because)):
        by_path.setdefault(rewrite.path, []).append(rewrite)
    merged = (_merged(project, path, of_file) for path, of_file in sorted(by_path.items()))
    return [change for change in merged if change is not None]


def _merged(project: Project, path: str, rewrites: list[Rewrite]) -> Change | None:
    """Take each rewrite whole or not at all; equal edits of two units are made once."""
    accepted: list[Rewrite] = []
    edits: list[Edit] = []
    for rewrite in rewrites:
        fresh = [edit for edit in rewrite.edits if edit not in edits]
        if not edits_overlap(fresh, edits):
            accepted.append(rewrite)
            edits += fresh
    before = project.sources.get(path)
    base = before or Source.new(path, "")
    try:
        after = base.with_text(apply_edits(base.text, edits))
    except OverlappingEditsError as error:
        error.add_note(f"in {path}, wanted by {', '.join(one.unit for one in accepted)}")
        raise
    if after == before:
        return None
    units = tuple(sorted({rewrite.unit for rewrite in accepted}))
    unused = tuple(sorted({name for rewrite in accepted for name in rewrite.unused}))
    return Change(before, after, _joined([rewrite.because for rewrite in accepted]), units, unused=unused)


def _joined(reasons: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(part for reason in reasons for part in reason.split("; ")))


def _paths(change: Change) -> tuple[str, ...]:
    return tuple({source.path for source in (change.before, change.after) if source is not None})


def _order_of_change(change: Change) -> tuple[str, tuple[str, ...], str]:
    return change.path, change.units, change.after.text if change.after else ""


def _of_kind(wanted: list[Contribution], kind: type[_Kind]) -> list[_Kind]:
    return [one for one in wanted if isinstance(one, kind)]


def _place(one: Finding | Refusal) -> tuple[object, ...]:
    return one.path, one.span, one.unit, one.message if isinstance(one, Finding) else one.why
