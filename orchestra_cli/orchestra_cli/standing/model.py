"""How far a migration is, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["migrated", "to migrate", "refused"]
STATES: tuple[State, ...] = ("migrated", "to migrate", "refused")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One place that still has to change: its form, and what has to be known about it."""

    path: str
    line: int
    form: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One orchestrator: its state, the places that still have to change, why, and the next step."""

    name: str
    state: State
    layer: str | None
    path: str | None
    places: tuple[Place, ...]
    why: str
    next_step: str

    @property
    def left(self) -> Mapping[str, int]:
        """How many places of each form still have to change."""
        return forms_of(self.places)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One deprecated module that is still there. ``remove_on`` is YYYY-MM-DD, None where nobody set it."""

    name: str
    path: str
    replacement: str | None
    owner: str | None
    remove_on: str | None
    extensions: int
    places: tuple[Place, ...]
    why: str
    next_step: str

    @property
    def left(self) -> Mapping[str, int]:
        """How many places of each form still refer to it."""
        return forms_of(self.places)


@dataclass(frozen=True, slots=True)
class Point:
    """The totals at one time: a commit, or the files as they are now, where ``commit`` is empty.

    ``day`` is YYYY-MM-DD, when it was committed.
    """

    commit: str
    day: str
    migrated: int
    to_migrate: int
    refused: int
    places_left: int
    old_modules: int
    removed_modules: int


@dataclass(frozen=True, slots=True)
class Progress:
    """All orchestrators, the deprecated modules that are still there, and the course, oldest point first."""

    standings: tuple[Standing, ...]
    leaving: tuple[Leaving, ...] = ()
    removed_modules: int = 0
    course: tuple[Point, ...] = ()

    def count(self, state: State) -> int:
        """Return how many orchestrators are in a state."""
        return sum(standing.state == state for standing in self.standings)

    @property
    def places_left(self) -> int:
        """How many places still have to change, in all."""
        return sum(len(standing.places) for standing in self.standings)

    @property
    def old_modules(self) -> int:
        """How many deprecated modules are still there."""
        return len(self.leaving)

    def point(self, commit: str, day: str) -> Point:
        """Return the totals as a point of the course."""
        return Point(
            commit=commit,
            day=day,
            migrated=self.count("migrated"),
            to_migrate=self.count("to migrate"),
            refused=self.count("refused"),
            places_left=self.places_left,
            old_modules=self.old_modules,
            removed_modules=self.removed_modules,
        )


def forms_of(places: Iterable[Place]) -> dict[str, int]:
    """Return how many places there are of each form, by the form's name."""
    return dict(sorted(Counter(place.form for place in places).items()))


def forms_left(progress: Progress) -> Iterator[tuple[str, int]]:
    """Yield how many places of each form are left, most first."""
    total = Counter(place.form for standing in progress.standings for place in standing.places)
    yield from sorted(total.items(), key=lambda item: (-item[1], item[0]))
