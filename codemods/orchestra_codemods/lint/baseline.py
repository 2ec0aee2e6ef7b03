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

from orchestra.errors import OrchestraError
from orchestra_codemods.lint.diagnostic import Diagnostic

DEFAULT = "lint-baseline.txt"
_LINE = re.compile(r"([0-9a-f]{16}) ")
_MARKER = re.compile(r"(<{7}|={7}|>{7}|\|{7})")


class DamagedBaselineError(OrchestraError):
    """A baseline that cannot be read."""

    code = "damaged-baseline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """How often each fingerprint is known."""

    known: Counter[str] = field(default_factory=Counter)

    @classmethod
    def parse(cls, text: str, path: str = DEFAULT) -> Baseline:
        """Read a baseline; conflict markers of a merge are overlooked. Raises DamagedBaselineError."""
        known: Counter[str] = Counter()
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#") or _MARKER.match(line):
                continue
            match = _LINE.match(line)
            if match is None:
                raise DamagedBaselineError(
                    f"line {number} of {path} is no line of a baseline: {line[:60]!r}",
                    hint=f"Write it anew: orchestra lint --write-baseline --baseline {path}",
                    path=path,
                )
            known[match[1]] += 1
        return cls(known)

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
