"""Known findings: what was found when a team began. They fail no run, and become fewer by themselves.

One sorted line a finding. A line begins with the fingerprint, which has no path and no line number, so that
moved lines, renamed files and reformatting change nothing; what follows is for people. Baselines of two
branches merge as a union (`merge=union` in .gitattributes); what a merge leaves over goes with the next run.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestra_codemods.lint.diagnostic import Diagnostic

DEFAULT = "lint-baseline.txt"
_LINE = re.compile(r"([0-9a-f]{16}) ")
_MARKER = re.compile(r"(<{7}|={7}|>{7}|\|{7})")


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each fingerprint is known, and the numbers of the lines that say nothing."""

    known: Counter[str] = field(default_factory=Counter)
    damaged: tuple[int, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> Baseline:
        """Read a baseline; conflict markers of a merge are overlooked, and what is no line is noted."""
        known: Counter[str] = Counter()
        damaged: list[int] = []
        for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
            match = _LINE.match(line)
            if match is not None:
                known[match[1]] += 1
            elif line.strip() and not line.startswith("#") and not _MARKER.match(line):
                damaged.append(number)
        return cls(known, tuple(damaged))

    @classmethod
    def of(cls, diagnostics: Iterable[Diagnostic]) -> Baseline:
        """Return the baseline that knows all of these."""
        return cls(Counter(one.fingerprint for one in diagnostics))

    def split(
        self, diagnostics: Iterable[Diagnostic]
    ) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
        """Return what is new and what is known, in the order given."""
        left = Counter(self.known)
        new: list[Diagnostic] = []
        known: list[Diagnostic] = []
        for one in diagnostics:
            if left[one.fingerprint] > 0:
                left[one.fingerprint] -= 1
                known.append(one)
            else:
                new.append(one)
        return tuple(new), tuple(known)


def written(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the text of a baseline."""
    lines = sorted(f"{one.fingerprint} {one.code} {one.rule} {one.path}\n" for one in diagnostics)
    return "".join(lines)
