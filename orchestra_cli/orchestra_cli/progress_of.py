"""How far a migration is: every orchestrator with its state, what is left of it, and the next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from orchestra_cli.inventory import taken
from orchestra_cli.registered.read import read_registered
from orchestra_cli.session import Session
from orchestra_codemods.deprecations.record import PATH, Record, read_records
from orchestra_codemods.deprecations.users import users_of

State = Literal["migrated", "to migrate", "refused"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One orchestrator. ``left`` counts the places that still have to change, by form of the caller."""

    name: str
    state: State
    layer: str | None
    path: str | None
    left: Mapping[str, int]
    why: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Progress:
    """All orchestrators, and the old modules that are still there."""

    standings: tuple[Standing, ...]
    old_modules: int

    def count(self, state: State) -> int:
        """Return how many orchestrators are in a state."""
        return sum(standing.state == state for standing in self.standings)

    @property
    def places_left(self) -> int:
        """How many places still have to change, in all."""
        return sum(sum(standing.left.values()) for standing in self.standings)


def progress_of(session: Session) -> Progress:
    """Return how far the project is, from its source alone. Raises EmptyProjectError."""
    root, config = session.configured()
    with session.progress("Scanning"):
        project, inventory = taken(root, config)
    records = [one for one in read_records(project.sources.get(PATH)) if one.path in project.sources]
    users = users_of(project, [one.path for one in records])
    old = {one.replacement: one for one in records if one.replacement}
    standings = []
    for row in read_registered(root, config).orchestrators:
        record = old.get(row.module or "")
        found = users.get(record.path, ()) if record else ()
        left = Counter(user.form for user in found if user.blocks)
        standings.append(
            Standing(row.name, "migrated", row.layer, row.path, dict(left), *_after(record, left.total()))
        )
    for one in inventory.orchestrators:
        forms = dict(Counter(str(caller.form) for caller in one.callers))
        if one.refused is not None:
            state: State = "refused"
            reason, step = one.refused.why, one.refused.what_to_do
        else:
            state, reason, step = "to migrate", "", f"orchestra migrate {one.name}"
        standings.append(Standing(one.name, state, str(one.layer), one.path, forms, reason, step))
    return Progress(tuple(sorted(standings, key=_order)), len(records))


def forms_left(progress: Progress) -> Iterator[tuple[str, int]]:
    """Yield how many places of each form are left, most first."""
    total: Counter[str] = Counter()
    for standing in progress.standings:
        total.update(standing.left)
    yield from sorted(total.items(), key=lambda item: (-item[1], item[0]))


def _after(record: Record | None, left: int) -> tuple[str, str]:
    """Return what is left of a migrated orchestrator, and what to do about it."""
    if record is None:
        return "", ""
    if left:
        return f"{record.name} is still used", f"orchestra deprecate users {record.name}"
    return f"nobody uses {record.name} any more", f"orchestra deprecate remove {record.name}"


def _order(standing: Standing) -> tuple[int, str]:
    return ("to migrate", "refused", "migrated").index(standing.state), standing.name
