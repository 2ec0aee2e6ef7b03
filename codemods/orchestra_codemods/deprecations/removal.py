"""Take a deprecated file away where nobody refers to it, and bring it back byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from posixpath import basename, dirname

from orchestra.errors import OrchestraError
from orchestra_codemods.change import Change, Plan, Refusal, Skipped, Span
from orchestra_codemods.deprecations.record import Record
from orchestra_codemods.deprecations.recording import UNIT, record_change
from orchestra_codemods.deprecations.users import User, users_of
from orchestra_codemods.deprecations.warned import warned_about
from orchestra_codemods.project import Project
from orchestra_codemods.source import PYTHON_SUFFIXES, Source, digest_of

SUFFIX = ".DEPRECATED"
_END = b"# The file as it was stands below this line.\n"


class NotRemovedError(OrchestraError):
    """The file that should be brought back is not there, or is not one that `deprecate remove` wrote."""

    code = "not-removed"


def plan_removal(project: Project, record: Record, today: date, runs: str = "") -> Plan:
    """Return the renamed file with its header and the record; refuse while anyone refers to the module.

    ``runs`` is what test and production runs have said of deprecated modules.
    """
    users = [user for user in users_of(project, [record.path])[record.path] if user.blocks]
    refusals = [_against(user, record) for user in users]
    for place, times in sorted(warned_about(project, runs, record.path).places.items()):
        path, _, line = place.rpartition(":")
        why = f"a run used {record.name} there ({times} x)"
        remedy = "Find out how it gets there, or leave out runs before the last user was changed."
        refusals.append(Refusal(UNIT, path, Span(int(line)), why, remedy))
    for one in _unread(project):
        why = f"it was not read and may refer to {record.name}: {one.why}"
        refusals.append(
            Refusal(UNIT, one.path, Span(1), why, "Mend that, or leave the file out with `exclude`.")
        )
    if f"{record.path}i" in project.sources:
        why = "a stub stands beside it, which type checkers would go on to read"
        refusals.append(Refusal(UNIT, f"{record.path}i", Span(1), why, "Delete the stub first."))
    if basename(record.path) == "__init__.py":
        folder = dirname(record.path)
        inside = [path for path in project.sources if dirname(path) == folder and path != record.path]
        if inside:
            why = f"the package still has {basename(inside[0])}"
            refusals.append(Refusal(UNIT, record.path, Span(1), why, "Remove its modules first."))
    if refusals:
        return Plan(refusals=tuple(refusals))
    data = project.sources.data(record.path)
    before = _opaque(record.path, data)
    after = _opaque(f"{record.path}{SUFFIX}", _header(record, today) + data)
    change = Change(before, after, "nobody refers to it any more", (UNIT,))
    gone = record_change(project, [replace(record, removed_on=today)], "its removal is recorded")
    return Plan(changes=(change, gone))


def _against(user: User, record: Record) -> Refusal:
    if user.form == "unparsed":
        why, remedy = f"it does not parse and may refer to {record.name}", "Correct the file first."
    else:
        why = f"{user.name or record.name} refers to {record.name} ({user.form})"
        remedy = f"Use {record.replacement or 'something else'} there, then remove the module."
    return Refusal(UNIT, user.path, Span(user.line), why, remedy)


def plan_restoration(project: Project, record: Record) -> Plan:
    """Return the file as it was before its removal, and the record without it. Raises NotRemovedError."""
    removed = f"{record.path}{SUFFIX}"
    try:
        data = (project.root / removed).read_bytes()
    except OSError as error:
        raise NotRemovedError(
            f"{removed} cannot be read: {error.strerror}", hint="It may lie elsewhere."
        ) from None
    header, end, content = data.partition(_END)
    if not end or not all(line.startswith(b"#") for line in header.splitlines()):
        raise NotRemovedError(f"{removed} has no header of a removal", hint="Rename it by hand.")
    if (project.root / record.path).exists():
        refusal = Refusal(UNIT, record.path, Span(1), "there is a file of that name", "Move it away first.")
        return Plan(refusals=(refusal,))
    change = Change(_opaque(removed, data), _opaque(record.path, content), "it is brought back", (UNIT,))
    return Plan(changes=(change, record_change(project, [replace(record, removed_on=None)], "it is back")))


def _unread(project: Project) -> Iterator[Skipped]:
    """Yield the Python files that nobody has looked into, not even under another name."""
    root = project.root.resolve()
    for one in project.skipped:
        real = (root / one.path).resolve()
        is_read = real.is_relative_to(root) and real.relative_to(root).as_posix() in project.sources
        if one.path.endswith(PYTHON_SUFFIXES) and not is_read:
            yield one


def _header(record: Record, today: date) -> bytes:
    instead = f", replaced by {record.replacement}" if record.replacement else ""
    due = f", due on {record.remove_on}" if record.remove_on else ""
    lines = (
        f"DEPRECATED: {record.name}{instead}{due}, removed on {today}; owner: {record.owner or 'nobody'}.",
        f"`orchestra deprecate restore {record.name}` brings it back.",
    )
    return "".join(f"# {' '.join(line.split())}\n" for line in lines).encode() + _END


def _opaque(path: str, data: bytes) -> Source:
    """Return the bytes as a source whose text is never looked at: each byte is a character of its own."""
    return Source(path, data.decode("latin-1"), digest_of(data), "latin-1")
