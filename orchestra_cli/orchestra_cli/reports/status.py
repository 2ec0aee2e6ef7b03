"""How far a migration is, for people, programs, and the description of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from orchestra_cli.progress_of import Progress, Standing, forms_left
from orchestra_cli.terminal import Style

STATES = ("migrated", "to migrate", "refused")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The standings, and the totals over them."""

    progress: Progress
    command: str = "status"

    def data(self) -> Mapping[str, Any]:
        """Return the standings and the totals."""
        return {
            "orchestrators": [asdict(standing) for standing in self.progress.standings],
            "totals": _totals(self.progress),
            "places_left": dict(forms_left(self.progress)),
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line for each orchestrator, what is left of it, and the totals."""
        wide = max((len(one.name) for one in self.progress.standings), default=0)
        colour = {"migrated": style.green, "to migrate": style.cyan, "refused": style.yellow}
        for one in self.progress.standings:
            state = colour[one.state](f"{one.state:<10}")
            yield f"{state}  {one.name:<{wide}}  {style.dim(_about(one))}".rstrip()
            if one.next_step:
                yield f"{'':<10}  {'':<{wide}}  {style.dim(f'next: {one.next_step}')}"
        yield sentence(self.progress)


def sentence(progress: Progress) -> str:
    """Return the totals in one line."""
    total = len(progress.standings)
    return (
        f"{progress.count('migrated')} of {total} orchestrators migrated, {progress.count('to migrate')} to "
        f"migrate, {progress.count('refused')} refused; {progress.places_left} places left, "
        f"{progress.old_modules} old modules"
    )


def markdown(progress: Progress) -> str:
    """Return the status as it can stand in a pull request."""
    rows = "".join(f"| {' | '.join(_cells(one))} |\n" for one in progress.standings)
    forms = "".join(f"| {form} | {count} |\n" for form, count in forms_left(progress))
    return (
        f"# Migration status\n\n{sentence(progress)}.\n\n"
        f"| orchestrator | state | layer | places left | why | next step |\n|---|---|---|---|---|---|\n{rows}"
        f"\n| form of the place | left |\n|---|---|\n{forms}"
    )


def _totals(progress: Progress) -> dict[str, int]:
    counts = {state.replace(" ", "_"): progress.count(state) for state in STATES}  # type: ignore[arg-type]
    return {**counts, "places_left": progress.places_left, "old_modules": progress.old_modules}


def _about(one: Standing) -> str:
    return "; ".join(part for part in (one.layer or "", one.why, _forms(one)) if part)


def _forms(one: Standing) -> str:
    return ", ".join(f"{count} {form}" for form, count in sorted(one.left.items()))


def _cells(one: Standing) -> tuple[str, ...]:
    cells = (one.name, one.state, one.layer or "", _forms(one), one.why, one.next_step)
    return tuple(_cell(cell) for cell in cells)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
