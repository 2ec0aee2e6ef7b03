"""How far a migration is, as one page for a browser."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from orchestra_cli.reports.page import Section, details, page, table
from orchestra_cli.reports.plots import Series, bar, columns, legend
from orchestra_cli.reports.status import COURSE_HEADS, counted, course_rows, due_text, forms_text, sentence
from orchestra_cli.standing.model import STATES, Leaving, Place, Progress, Standing, forms_left


def status_page(progress: Progress) -> str:
    """Return the page."""
    return page(
        "Migration status",
        f"{sentence(progress)}.",
        [
            Section("now", "Now", _now(progress)),
            Section("course", "Course", _course(progress)),
            Section("orchestrators", "Orchestrators", _orchestrators(progress)),
            Section("places", "Places left", _places_left(progress)),
            Section("deprecated", "Deprecated modules", _deprecated(progress)),
        ],
    )


def _now(progress: Progress) -> str:
    parts = [(_kind(state), state, progress.count(state)) for state in STATES]
    return bar(parts) + legend(parts)


def _course(progress: Progress) -> str:
    course = progress.course
    if len(course) < 2:
        return ""
    labels = [point.day[5:] if point.commit else "now" for point in course]
    states = [
        Series("migrated", "migrated", [point.migrated for point in course]),
        Series("to-migrate", "to migrate", [point.to_migrate for point in course]),
        Series("refused", "refused", [point.refused for point in course]),
    ]
    places = [Series("places", "places left", [point.places_left for point in course])]
    figures = table("The figures behind the plots", COURSE_HEADS, _figures(progress), numbers=6)
    return (
        '<p class="soft">The same measure, by today\'s settings, on commits since the migration began.</p>\n'
        f'<div class="plots">\n{columns("Orchestrators by state", labels, states)}'
        f"{columns('Places left', labels, places)}</div>\n{figures}"
    )


def _orchestrators(progress: Progress) -> str:
    rows = [_standing(one) for one in progress.standings]
    return table("Each orchestrator", ("name", "what is left"), rows)


def _standing(one: Standing) -> tuple[str, str]:
    state = f'<span class="state {_kind(one.state)}">{escape(one.state)}</span>'
    return escape(one.name) + state + _soft(one.layer), _left(one)


def _places_left(progress: Progress) -> str:
    rows = [(escape(form), str(count)) for form, count in forms_left(progress)]
    return table("Places left by their form", ("form of the place", "left"), rows, numbers=1) if rows else ""


def _deprecated(progress: Progress) -> str:
    rows = [_leaving(one) for one in progress.leaving]
    return table("Each deprecated module", ("module", "what is left"), rows) if rows else ""


def _leaving(one: Leaving) -> tuple[str, str]:
    to = _soft(f"now {one.replacement}") if one.replacement else ""
    return escape(one.name) + to + _soft(f"due {due_text(one)}"), _left(one)


def _left(one: Standing | Leaving) -> str:
    why = f"<p>{escape(one.why)}</p>" if one.why else ""
    is_command = one.next_step.startswith("orchestra ")
    step = f"<code>{escape(one.next_step)}</code>" if is_command else escape(one.next_step)
    following = f"<p>next: {step}</p>" if one.next_step else ""
    places = f"{counted(len(one.places), 'place')}: {forms_text(one.left)}"
    listed = details(places, _items(one.places)) if one.places else ""
    return why + following + listed


def _items(places: Iterable[Place]) -> Iterable[str]:
    for place in places:
        why = f": {escape(place.why)}" if place.why else ""
        yield f"<code>{escape(place.path)}:{place.line}</code> {escape(place.form)}{why}"


def _soft(text: str | None) -> str:
    return f'<span class="soft">{escape(text)}</span>' if text else ""


def _figures(progress: Progress) -> Iterable[tuple[str, ...]]:
    for (when, *numbers), point in zip(course_rows(progress), progress.course, strict=True):
        yield point.day + _soft(when.removeprefix(point.day).strip()), *numbers


def _kind(state: str) -> str:
    return state.replace(" ", "-")
