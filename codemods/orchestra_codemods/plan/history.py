"""What happened to each file over the passes, as one change from the file on disk."""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestra_codemods.change import Change, FacadeCall, Finding, Plan, Refusal
from orchestra_codemods.plan.round import Round
from orchestra_codemods.source import Source


@dataclass(slots=True)
class _File:
    """A file now, where it came from, who changed it and why."""

    origin: Source | None
    now: Source | None
    units: set[str] = field(default_factory=set)
    reasons: dict[str, None] = field(default_factory=dict)
    names: set[tuple[str, str]] = field(default_factory=set)
    calls: set[FacadeCall] = field(default_factory=set)
    unused: set[str] = field(default_factory=set)
    is_only_names: bool = True


class History:
    """Notes rounds, and sums them up as a plan."""

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._seen: set[tuple[tuple[str, str], ...]] = {()}
        self._findings: tuple[Finding, ...] | None = None
        self._refusals: list[Refusal] = []

    def note(self, one: Round) -> None:
        """Add a round to what happened before."""
        if self._findings is None:
            self._findings = one.findings
        places = {(refusal.unit, refusal.path) for refusal in self._refusals}
        reasons = {
            (refusal.unit, refusal.why) for refusal in self._refusals
        }  # of a file that was moved since
        self._refusals += (
            each
            for each in one.refusals
            if (each.unit, each.path) not in places and (each.unit, each.why) not in reasons
        )
        for change in one.changes:
            self._follow(change)

    def has_come_round(self) -> bool:
        """Tell whether the files had exactly these texts after an earlier round, and remember them."""
        state = tuple(
            sorted(
                (path, file.now.digest if file.now else "")
                for path, file in self._files.items()
                if file.origin != file.now
            )
        )
        seen_before = state in self._seen
        self._seen.add(state)
        return seen_before

    def plan(self) -> Plan:
        """Return all changes, each from the file on disk to its last text, in the order of their paths."""
        changes = (
            Change(
                file.origin,
                file.now,
                "; ".join(file.reasons),
                tuple(sorted(file.units)),
                names=tuple(sorted(file.names)) if file.is_only_names else (),
                calls=tuple(sorted(file.calls, key=repr)) if file.is_only_names else (),
                unused=tuple(sorted(file.unused)),
            )
            for file in self._files.values()
            if file.origin != file.now
        )
        return Plan(
            tuple(sorted(changes, key=lambda change: change.path)),
            self._findings or (),
            tuple(self._refusals),
        )

    def _follow(self, change: Change) -> None:
        path = change.before.path if change.before else change.path
        file = self._files.pop(path, None) or _File(change.before, change.before)
        file.now = change.after
        file.units.update(change.units)
        file.names.update(change.names)
        file.calls.update(change.calls)
        file.unused.update(change.unused)
        file.is_only_names = file.is_only_names and bool(change.names or change.calls)
        file.reasons.update(dict.fromkeys(part for part in change.because.split("; ") if part))
        self._files[change.path] = file
