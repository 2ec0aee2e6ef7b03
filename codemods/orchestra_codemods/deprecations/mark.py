"""Mark a module as deprecated: a record, and a module that hands on to its replacement or warns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from orchestra_codemods.change import Change, Plan, Refusal, Span
from orchestra_codemods.deprecations.dates import redated, says_so
from orchestra_codemods.deprecations.marks import Mark
from orchestra_codemods.deprecations.record import PATH, Record, find_record, read_records, with_records
from orchestra_codemods.deprecations.shim import names_to_keep, shim_text
from orchestra_codemods.deprecations.users import users_of
from orchestra_codemods.names import Definition, Importers, ModuleFacts, importers_of, names_of
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source

UNIT = "deprecate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What a module is marked with. ``keeps_code`` leaves its code in place and only warns."""

    path: str
    replacement: str | None
    owner: str | None
    remove_on: date
    keeps_code: bool = False


def plan_mark(project: Project, marking: Marking) -> Plan:
    """Return the record, and the module as it is to be from now on; a second time nothing changes."""
    facts = names_of(project).facts(marking.path)
    module = names_of(project).index.module(marking.path)
    assert module is not None
    if facts is None:
        problem = names_of(project).problems.get(marking.path, "it cannot be read")
        return Plan(refusals=(_refusal(marking.path, problem, "Correct the file first."),))
    importers = importers_of(project, marking.path)
    refusals = tuple(_against(project, marking, facts, importers))
    if refusals:
        return Plan(refusals=refusals)
    record = _record(project, marking, module.name)
    before = project.sources[marking.path]
    after = _after(before, marking, module.name, facts, importers)
    changes = [record_change(project, [record], "its record")]
    if after != before:
        because = f"hands on to {marking.replacement}" if _forwards(marking) else "warns whoever imports it"
        changes.append(Change(before, after, because, (UNIT,)))
    return Plan(changes=tuple(one for one in changes if not one.is_empty))


def plan_existing(project: Project, marks: Iterable[Mark], owner: str | None) -> Plan:
    """Return the records of marks in other styles; what a mark does not say stays missing."""
    known = {one.path for one in _records(project)}
    users = users_of(project, [mark.module_path for mark in marks])
    fresh = [
        replace(mark.record, owner=mark.record.owner or owner, users=_paths(users[mark.module_path]))
        for mark in marks
        if mark.module_path not in known
    ]
    change = record_change(project, fresh, "the records of marks in other styles")
    return Plan(changes=() if change.is_empty or not fresh else (change,))


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


def _records(project: Project) -> tuple[Record, ...]:
    return read_records(project.sources.get(PATH))


def _record(project: Project, marking: Marking, name: str) -> Record:
    old = find_record(_records(project), marking.path) or Record(name=name, path=marking.path)
    users = old.users if old.users is not None else _paths(users_of(project, [marking.path])[marking.path])
    return replace(
        old,
        replacement=marking.replacement or old.replacement,
        owner=marking.owner or old.owner,
        remove_on=marking.remove_on,
        users=users,
    )


def _paths(users: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted({str(getattr(user, "path", "")) for user in users if getattr(user, "blocks", False)}))


def _forwards(marking: Marking) -> bool:
    return marking.replacement is not None and not marking.keeps_code


def _after(before: Source, marking: Marking, name: str, facts: ModuleFacts, importers: Importers) -> Source:
    if says_so(before.text):
        return redated(before, marking.remove_on)
    if _forwards(marking):
        assert marking.replacement is not None
        text = shim_text(name, marking.replacement, facts, importers, marking.remove_on.isoformat())
        return before.with_text(text.replace("\n", before.newline))
    return before.with_text(_warning(before, name, marking))


def _warning(before: Source, name: str, marking: Marking) -> str:
    """Return the text with a warning below docstring and future imports; its import stays private."""
    tree = ast.parse(before.text)
    head = [
        node
        for position, node in enumerate(tree.body)
        if (position == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
    ]
    lines = before.text.splitlines(keepends=True)
    at = head[-1].end_lineno or 0 if head else _below_comments(lines)
    instead = f"; use {marking.replacement} instead" if marking.replacement else ""
    statement = (
        "import warnings as _warnings\n\n"
        "_warnings.warn(\n"
        f'    "{name} is deprecated and goes away on {marking.remove_on.isoformat()}{instead}",\n'
        "    DeprecationWarning,\n"
        "    stacklevel=2,\n"
        ")\n"
    )
    gap = "\n" if head else ""
    return "".join(
        [*lines[:at], (gap + statement + ("" if head else "\n")).replace("\n", before.newline), *lines[at:]]
    )


def _below_comments(lines: list[str]) -> int:
    """Return how many lines at the top are comments that must stay there: interpreter, encoding, license."""
    return next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))


def _against(
    project: Project, marking: Marking, facts: ModuleFacts, importers: Importers
) -> Iterator[Refusal]:
    if not _forwards(marking) or says_so(project.sources[marking.path].text):
        return
    assert marking.replacement is not None
    names = names_of(project)
    target = names.index.find(marking.replacement)
    alive = "`--alive` leaves the code and only warns."
    if target is None or target.path is None:
        yield _refusal(
            marking.path, f"the replacement {marking.replacement} is no module of the project", alive
        )
        return
    if any(site.path == target.path for site in importers.sites):
        why = f"the replacement {marking.replacement} imports the module itself"
        yield _refusal(marking.path, why, f"Move the code to the replacement first. {alive}")
        return
    missing = [
        name
        for name in sorted(names_to_keep(facts, importers))
        if not isinstance(names.resolver.resolve_absolute(f"{marking.replacement}.{name}"), Definition)
        and not name.startswith("_")
    ]
    if missing:
        why = f"the replacement {marking.replacement} has no {', '.join(missing)}"
        yield _refusal(marking.path, why, f"Add them there. {alive}")


def _refusal(path: str, why: str, what_to_do: str) -> Refusal:
    return Refusal(UNIT, path, Span(1), why, what_to_do)
