"""What `orchestra doctor` found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from orchestra_cli.examination.examine import Finding
from orchestra_cli.help import wrap
from orchestra_cli.terminal import Style

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Every check with what it found."""

    findings: tuple[Finding, ...]
    shows_all: bool = False
    command: str = "doctor"

    @property
    def is_healthy(self) -> bool:
        """Whether nothing was found."""
        return not any(finding.complaints for finding in self.findings)

    def data(self) -> Mapping[str, Any]:
        """Return the checks with their complaints."""
        return {
            "healthy": self.is_healthy,
            "checks": [
                {
                    "name": one.check.name,
                    "area": one.check.area,
                    "summary": one.check.summary,
                    "state": one.state,
                    "why": one.why,
                    "complaints": [complaint.data() for complaint in one.complaints],
                }
                for one in self.findings
            ],
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line an area, what is wrong below it, and how to mend it."""
        for area, found in groupby(self.findings, key=lambda one: one.check.area):
            yield from self._area(area, tuple(found), style)
        count = sum(len(one.complaints) for one in self.findings)
        skipped = sum(one.state == "skipped" for one in self.findings)
        left_out = f", {skipped} left out" if skipped else ""
        things = "nothing is wrong" if not count else f"{count} thing{'' if count == 1 else 's'} to mend"
        yield f"{len(self.findings) - skipped} checks{left_out}: {things}"
        if count:
            yield style.dim("`orchestra explain NAME` says more about a check.")

    def _area(self, area: str, findings: tuple[Finding, ...], style: Style) -> Iterator[str]:
        if any(one.complaints for one in findings):
            mark = style.red("found")
        else:
            looked = any(one.state == "ok" for one in findings)
            mark = style.green("ok   ") if looked else style.dim("-    ")
        yield f"{mark} {style.bold(area)}"
        for one in findings:
            for complaint in one.complaints:
                yield f"      {style.yellow(one.check.name)}: {complaint.message}"
                yield from (f"        {line}" for line in wrap(f"→ {complaint.mend}", _WIDTH - 8))
            if self.shows_all and one.state == "ok":
                yield style.dim(f"      {one.check.name}: ok")
            if self.shows_all and one.state == "skipped":
                yield style.dim(f"      {one.check.name}: left out, because {one.why}")
