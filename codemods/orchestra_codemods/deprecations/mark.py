"""Mark a module as deprecated: a record, and a module that hands on to its replacement or warns."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from orchestra_codemods.change import Change, Plan, Refusal, Span, apply_edits
from orchestra_codemods.deprecations.record import Record, find_record
from orchestra_codemods.deprecations.recording import UNIT, lacking, record_change, records_of
from orchestra_codemods.deprecations.said import notice, redated, said, with_notice
from orchestra_codemods.deprecations.shim import names_to_keep, shim_text
from orchestra_codemods.deprecations.strict_tests import filter_edit, why_tests_are_strict
from orchestra_codemods.deprecations.users import blocking_paths, users_of
from orchestra_codemods.names import Importers, ModuleFacts, Unresolved, importers_of, names_of
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source


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
        tolerated = _tolerating(project)
        changes += [tolerated] if tolerated is not None else []
        because = f"hands on to {marking.replacement}" if _forwards(marking) else "warns whoever imports it"
        changes.append(Change(before, after, because, (UNIT,)))
    return Plan(
        changes=tuple(one for one in changes if not one.is_empty), findings=lacking(changes[0], [record])
    )


def _tolerating(project: Project) -> Change | None:
    """Return the change that keeps tests from failing for the warning, where they turn all into errors."""
    edit = filter_edit(project)
    if edit is None:
        return None
    before = project.sources["pyproject.toml"]
    after = before.with_text(apply_edits(before.text, [edit]))
    return Change(before, after, "tests must not fail for a warning about an old module", (UNIT,))


def _record(project: Project, marking: Marking, name: str) -> Record:
    old = find_record(records_of(project), marking.path) or Record(name=name, path=marking.path)
    users = (
        old.users
        if old.users is not None
        else blocking_paths(users_of(project, [marking.path])[marking.path])
    )
    return replace(
        old,
        replacement=marking.replacement or old.replacement,
        owner=marking.owner or old.owner,
        remove_on=marking.remove_on,
        users=users,
    )


def _forwards(marking: Marking) -> bool:
    return marking.replacement is not None and not marking.keeps_code


def _after(before: Source, marking: Marking, name: str, facts: ModuleFacts, importers: Importers) -> Source:
    own = said(before.text)
    if own is not None and own.is_shim:
        return redated(before, marking.remove_on)
    if own is not None and not _forwards(marking):
        return with_notice(before, marking.remove_on, marking.replacement or own.replacement)
    if _forwards(marking):
        assert marking.replacement is not None
        text = shim_text(name, marking.replacement, facts, importers, marking.remove_on.isoformat())
        return before.with_text(text.replace("\n", before.newline))
    return before.with_text(_warning(before, marking))


def _warning(before: Source, marking: Marking) -> str:
    """Return the text with a warning below its docstring and first imports; what it binds is private."""
    head = list(takewhile(_is_head, ast.parse(before.text).body))
    lines = before.text.splitlines(keepends=True)
    at = head[-1].end_lineno or 0 if head else _below_comments(lines)
    says = notice(marking.remove_on, marking.replacement)
    statement = f"from orchestra.moved import leaving as _leaving\n\n{says}\n"
    gap = "\n" if head else ""
    return "".join(
        [*lines[:at], (gap + statement + ("" if head else "\n")).replace("\n", before.newline), *lines[at:]]
    )


def _is_head(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.Import | ast.ImportFrom)


def _below_comments(lines: list[str]) -> int:
    """Return how many lines at the top are comments that must stay there: interpreter, encoding, license."""
    return next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))


def _against(
    project: Project, marking: Marking, facts: ModuleFacts, importers: Importers
) -> Iterator[Refusal]:
    strict = why_tests_are_strict(project)
    if strict is not None:
        yield _refusal(marking.path, "the project's tests would fail for the warning", f"{strict}.")
    if marking.replacement is not None and not _is_dotted(marking.replacement):
        why = f"the replacement {marking.replacement!r} is no name of a module"
        yield _refusal(marking.path, why, "Name it as it is imported, as in `shop.pricing`.")
        return
    own = said(project.sources[marking.path].text)
    if own is not None and own.is_shim:
        if _forwards(marking) and marking.replacement != own.replacement:
            remedy = "`orchestra undo` takes that back; or correct the name in the file and in the record."
            yield _refusal(marking.path, f"it hands on to {own.replacement} already", remedy)
        return
    if _forwards(marking):
        yield from _against_replacement(project, marking, facts, importers)


def _against_replacement(
    project: Project, marking: Marking, facts: ModuleFacts, importers: Importers
) -> Iterator[Refusal]:
    """Yield why the module cannot hand on to the replacement."""
    assert marking.replacement is not None
    names = names_of(project)
    target = names.index.find(marking.replacement)
    alive = "Or `--alive` leaves the code here and only warns."
    if target is None or target.path is None:
        yield _refusal(
            marking.path,
            f"the replacement {marking.replacement} is no module of the project",
            f"Write or copy the code there first. {alive}",
        )
        return
    if target.path == marking.path:
        why = f"the replacement {marking.replacement} is the module itself"
        yield _refusal(marking.path, why, f"Name the module that takes its place. {alive}")
        return
    onward = said(project.sources[target.path].text)
    if onward is not None and onward.is_shim:
        why = f"the replacement {marking.replacement} itself hands on to {onward.replacement}"
        yield _refusal(marking.path, why, f"Name the module that has the code. {alive}")
        return
    if any(site.path == target.path for site in importers.sites):
        why = f"the replacement {marking.replacement} imports the module itself"
        yield _refusal(marking.path, why, f"Move the code to the replacement first. {alive}")
        return
    missing = [
        name
        for name in sorted(names_to_keep(facts, importers))
        if isinstance(names.resolver.resolve_absolute(f"{marking.replacement}.{name}"), Unresolved)
        and not name.startswith("_")
    ]
    if missing:
        why = f"the replacement {marking.replacement} has no {', '.join(missing)}"
        yield _refusal(marking.path, why, f"Add them there. {alive}")


def _is_dotted(name: str) -> bool:
    """Whether a name can be imported. It is written into the module, so that nothing else may be in it."""
    return all(part.isidentifier() for part in name.split("."))


def _refusal(path: str, why: str, what_to_do: str) -> Refusal:
    return Refusal(UNIT, path, Span(1), why, what_to_do)
