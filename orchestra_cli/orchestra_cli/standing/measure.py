"""How far a project is, by its source alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestra_cli.registered.read import read_registered
from orchestra_cli.standing.model import Leaving, Place, Progress, Standing
from orchestra_codemods.config import Config
from orchestra_codemods.deprecations.record import PATH, Record, read_records
from orchestra_codemods.deprecations.users import User, users_of

if TYPE_CHECKING:
    from orchestra_codemods.inventory.model import Inventory, LegacyOrchestrator
    from orchestra_codemods.project import Project


def measured(root: Path, config: Config, project: Project, inventory: Inventory) -> Progress:
    """Return how far a project is, without its course."""
    records = read_records(project.sources.get(PATH))
    live = [one for one in records if one.removed_on is None and one.path in project.sources]
    users = {
        path: [user for user in found if user.blocks]
        for path, found in users_of(project, [one.path for one in live]).items()
    }
    standings = [
        *_migrated(root, config, live, users),
        *(_legacy(one) for one in inventory.orchestrators),
    ]
    return Progress(
        tuple(sorted(standings, key=_order)),
        tuple(_leaving(one, users[one.path]) for one in live),
        sum(one.removed_on is not None for one in records),
    )


def _migrated(
    root: Path, config: Config, live: Iterable[Record], users: Mapping[str, Sequence[User]]
) -> Iterator[Standing]:
    old = {one.replacement: one for one in live if one.replacement}
    for row in read_registered(root, config).orchestrators:
        record = old.get(row.module or "")
        found = users[record.path] if record else ()
        after = _after(record.name, found) if record else ("", "")
        yield Standing(row.name, "migrated", row.layer, row.path, _places(found), *after)


def _legacy(one: LegacyOrchestrator) -> Standing:
    places = tuple(
        sorted(Place(each.path, each.line, str(each.form), each.problem or "") for each in one.callers)
    )
    if one.refused is not None:
        refused = one.refused
        return Standing(
            one.name, "refused", str(one.layer), one.path, places, refused.why, refused.what_to_do
        )
    doubtful = sum(bool(place.why) for place in places)
    why = f"{doubtful} of its places need a look" if doubtful else "nothing was found that stands in the way"
    return Standing(
        one.name, "to migrate", str(one.layer), one.path, places, why, f"orchestra migrate {one.name}"
    )


def _leaving(record: Record, users: Sequence[User]) -> Leaving:
    return Leaving(
        record.name,
        record.path,
        record.replacement,
        record.owner,
        record.remove_on.isoformat() if record.remove_on else None,
        len(record.extensions),
        _places(users),
        *_after(record.name, users),
    )


def _after(name: str, users: Sequence[User]) -> tuple[str, str]:
    """Return what is left of a deprecated module, and what to do about it."""
    if users:
        return f"{name} is still used", f"orchestra deprecate users {name}"
    return f"nobody uses {name} any more", f"orchestra deprecate remove {name}"


def _places(users: Iterable[User]) -> tuple[Place, ...]:
    return tuple(Place(user.path, user.line, user.form, user.name) for user in users)


def _order(standing: Standing) -> tuple[int, str]:
    return ("to migrate", "refused", "migrated").index(standing.state), standing.name
