"""The edits of a whole migration by file, with who wants them, why, and what they declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestra_codemods.change import Edit, FacadeCall
from orchestra_codemods.migrations.callers import CallerEdit
from orchestra_codemods.migrations.facade import Redirected
from orchestra_codemods.migrations.reexports import Deferred
from orchestra_codemods.migrations.taken import TakenModule


@dataclass(slots=True)
class Files:
    """Edits by path, with who wants them and why."""

    edits: dict[str, dict[Edit, None]] = field(default_factory=dict)
    units: dict[str, set[str]] = field(default_factory=dict)
    reasons: dict[str, dict[str, None]] = field(default_factory=dict)
    mapping: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    calls: dict[str, set[FacadeCall]] = field(default_factory=dict)
    redirected: dict[str, list[Edit]] = field(default_factory=dict)
    unused: dict[str, set[str]] = field(default_factory=dict)
    called: dict[str, Counter[str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    taken: dict[tuple[str, int], list[TakenModule]] = field(default_factory=dict)
    deferred: dict[str, dict[int, Deferred]] = field(default_factory=dict)

    def add(self, path: str, edit: Edit, units: Sequence[str], because: str) -> None:
        """Add an edit of a file."""
        self.edits.setdefault(path, {})[edit] = None
        self.units.setdefault(path, set()).update(units)
        self.reasons.setdefault(path, {})[because] = None

    def rename(self, found: CallerEdit, units: Sequence[str], because: str) -> None:
        """Add an edit that changes nothing but a dotted name.

        In a module that moves it takes the place of the absolute name that a relative import got.
        """
        edits = self.edits.get(found.path, {})
        start, end = found.edit.start, found.edit.end
        for edit in [one for one in edits if start <= one.start < one.end <= end]:
            del edits[edit]
        self.add(found.path, found.edit, units, because)
        self.mapping.setdefault(found.path, set()).add(found.names)

    def redirect(self, found: Redirected, because: str) -> bool:
        """Add the edits of a call, unless the module's new name is written into its receiver."""
        here = [one for one in self.edits.get(found.path, {}) if one.start < one.end]
        mine = [one for one in found.edits if one.start < one.end]
        if any(one.start < other.end and other.start < one.end for one in mine for other in here):
            return False
        for edit in found.edits:
            self.add(found.path, edit, [found.unit], because)
        self.redirected.setdefault(found.path, []).extend(mine)
        self.called.setdefault(found.unit, Counter())[found.path] += 1
        self.calls.setdefault(found.path, set()).add(found.call)
        return True

    def calls_of(self, path: str) -> tuple[FacadeCall, ...]:
        """Return the calls that go through the facade, in a file where only names change besides."""
        return () if path in self.others else tuple(sorted(self.calls.get(path, ()), key=repr))

    def names_of(self, path: str) -> tuple[tuple[str, str], ...]:
        """Return the names that are replaced in a file where nothing else is."""
        return () if path in self.others else tuple(sorted(self.mapping.get(path, ())))
