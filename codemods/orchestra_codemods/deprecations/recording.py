"""Write deprecation records: of marks that have none, and of dates that are put off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from orchestra_codemods.change import Change, Finding, Plan, Span
from orchestra_codemods.deprecations.marks import Mark
from orchestra_codemods.deprecations.record import PATH, Record, read_records, with_records
from orchestra_codemods.deprecations.said import redated
from orchestra_codemods.deprecations.users import blocking_paths, users_of
from orchestra_codemods.project import Project

UNIT = "deprecate"


def plan_existing(project: Project, marks: Iterable[Mark], owner: str | None) -> Plan:
    """Return the records of marks without one; what a mark does not say stays missing, and is to do."""
    known = {one.path for one in records_of(project)}
    users = users_of(project, [mark.module_path for mark in marks])
    fresh = [
        replace(mark.record, owner=mark.record.owner or owner, users=blocking_paths(users[mark.module_path]))
        for mark in marks
        if mark.module_path not in known
    ]
    change = record_change(project, fresh, "the records of marks without one")
    is_nothing = change.is_empty or not fresh
    return Plan(changes=() if is_nothing else (change,), findings=lacking(change, fresh))


def record_change(project: Project, records: Iterable[Record], because: str) -> Change:
    """Return the change of `deprecations.toml` that gives it these records."""
    before = project.sources.get(PATH)
    return Change(before, with_records(before, records), because, (UNIT,))


def plan_extension(project: Project, record: Record, day: date, reason: str) -> Plan:
    """Return the record with another date and why, and the module that says the date itself."""
    if record.remove_on == day:
        return Plan()
    extension = {"from": record.remove_on or day, "to": day, "reason": reason}
    extended = replace(record, remove_on=day, extensions=(*record.extensions, extension))
    changes = [record_change(project, [extended], f"extension {len(extended.extensions)}")]
    before = project.sources.get(record.path)
    if before is not None:
        changes.append(Change(before, redated(before, day), "it says the new date", (UNIT,)))
    return Plan(changes=tuple(one for one in changes if not one.is_empty))


def lacking(change: Change, records: Iterable[Record]) -> tuple[Finding, ...]:
    """Return what a person has to add to records, at their places in the file as a change leaves it."""
    lines = {one.name: one.line for one in read_records(change.after)}
    return tuple(
        Finding(UNIT, PATH, Span(lines.get(one.name, 1)), f"{one.name} lacks {', '.join(one.lacks)}")
        for one in records
        if one.lacks
    )


def records_of(project: Project) -> tuple[Record, ...]:
    """Return the records of a project. Raises BrokenRecordsError."""
    return read_records(project.sources.get(PATH))
