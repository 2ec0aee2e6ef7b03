"""How far a migration is, for people, programs, and the description of a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from orchestra_cli.reports.page import GENERATED
from orchestra_cli.standing.model import STATES, Leaving, Point, Progress, Standing, forms_left
from orchestra_cli.terminal import Style


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The standings, and the totals over them."""

    progress: Progress
    command: str = "status"

    def data(self) -> Mapping[str, Any]:
        """Return the standings, the deprecated modules, the totals and the course."""
        return {
            "orchestrators": [_with_left(one) for one in self.progress.standings],
            "deprecated": [_with_left(one) for one in self.progress.leaving],
            "totals": _totals(self.progress),
            "places_left": dict(forms_left(self.progress)),
            "course": [asdict(point) for point in self.progress.course],
        }

    def lines(self, style: Style) -> Iterable[str]:
        """Return a line for each orchestrator, what is left of it, the deprecated modules, and the totals."""
        wide = max((len(one.name) for one in self.progress.standings), default=0)
        colour = {"migrated": style.green, "to migrate": style.cyan, "refused": style.yellow}
        for one in self.progress.standings:
            state = colour[one.state](f"{one.state:<10}")
            yield f"{state}  {one.name:<{wide}}  {style.dim(_about(one))}".rstrip()
            if one.next_step:
                yield f"{'':<10}  {'':<{wide}}  {style.dim(f'next: {one.next_step}')}"
        for old in self.progress.leaving:
            yield f"{style.yellow('deprecated')}  {old.name}  {style.dim(_about_leaving(old))}"
            yield f"{'':<10}  {style.dim(f'next: {old.next_step}')}"
        for point in self.progress.course[:-1]:
            yield style.dim(f"{point.day}  {point.commit[:8]}  {_in_short(point)}")
        yield sentence(self.progress)


def sentence(progress: Progress) -> str:
    """Return the totals in one line."""
    total = len(progress.standings)
    return (
        f"{progress.count('migrated')} of {total} orchestrators migrated, {progress.count('to migrate')} to "
        f"migrate, {progress.count('refused')} refused; {counted(progress.places_left, 'place')} left, "
        f"{counted(progress.old_modules, 'old module')}"
    )


def counted(number: int, what: str) -> str:
    """Return a number of things in words."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def markdown(progress: Progress) -> str:
    """Return the status as it can stand in a pull request."""
    head = f"# Migration status\n\n<!-- {GENERATED} -->\n\n{sentence(progress)}.\n"
    return head + "".join(
        f"\n## {title}\n\n{_table(heads, rows)}" for title, heads, rows in _tables(progress) if rows
    )


def course_rows(progress: Progress) -> list[tuple[str, ...]]:
    """Return the course as rows of text, newest last."""
    return [
        (
            f"{point.day} {point.commit[:8]}" if point.commit else f"{point.day} now",
            *(
                str(number)
                for number in (
                    point.migrated,
                    point.to_migrate,
                    point.refused,
                    point.places_left,
                    point.old_modules,
                    point.removed_modules,
                )
            ),
        )
        for point in progress.course
    ]


COURSE_HEADS = (
    "when",
    "migrated",
    "to migrate",
    "refused",
    "places left",
    "old modules",
    "removed",
)


def forms_text(left: Mapping[str, int]) -> str:
    """Return how many places of each form there are, in words."""
    return ", ".join(f"{count} {form}" for form, count in left.items())


def due_text(one: Leaving) -> str:
    """Return when a module may go and who sees to it, in words."""
    times = f", put off {one.extensions} times" if one.extensions > 1 else ", put off once"
    owner = f", {one.owner}" if one.owner else ", no owner"
    return f"{one.remove_on or 'no date'}{owner}{times if one.extensions else ''}"


def _tables(progress: Progress) -> Iterator[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    yield (
        "Orchestrators",
        ("orchestrator", "state", "layer", "places left", "why", "next step"),
        [
            (one.name, one.state, one.layer or "", forms_text(one.left), one.why, one.next_step)
            for one in progress.standings
        ],
    )
    yield (
        "Places left",
        ("form of the place", "left"),
        [(form, str(count)) for form, count in forms_left(progress)],
    )
    yield (
        "Deprecated modules",
        ("module", "replacement", "due", "places left", "why", "next step"),
        [
            (one.name, one.replacement or "", due_text(one), forms_text(one.left), one.why, one.next_step)
            for one in progress.leaving
        ],
    )
    yield "Course", COURSE_HEADS, course_rows(progress) if len(progress.course) > 1 else []


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *(tuple(map(_cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _with_left(one: Standing | Leaving) -> dict[str, Any]:
    return {**asdict(one), "left": dict(one.left)}


def _totals(progress: Progress) -> dict[str, int]:
    counts = {state.replace(" ", "_"): progress.count(state) for state in STATES}
    return {
        **counts,
        "places_left": progress.places_left,
        "old_modules": progress.old_modules,
        "removed_modules": progress.removed_modules,
    }


def _about(one: Standing) -> str:
    return "; ".join(part for part in (one.layer or "", one.why, forms_text(one.left)) if part)


def _about_leaving(one: Leaving) -> str:
    return "; ".join(part for part in (due_text(one), one.why, forms_text(one.left)) if part)


def _in_short(point: Point) -> str:
    return (
        f"{point.migrated} migrated, {point.to_migrate} to migrate, "
        f"{counted(point.places_left, 'place')} left, {counted(point.old_modules, 'old module')}"
    )


def _cell(text: str) -> str:
    """Return text as it stands in one cell: what it has of HTML, of links and of lines is text alone."""
    plain = escape(" ".join(text.split()), quote=False)
    return plain.translate({ord(letter): f"\\{letter}" for letter in "|`[]\\"})
