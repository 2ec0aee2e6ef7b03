"""What is wrong with the deprecations of a project on a given day."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orchestra_codemods.deprecations.marks import Mark
from orchestra_codemods.deprecations.record import PATH, Record
from orchestra_codemods.deprecations.users import User


@dataclass(frozen=True, slots=True)
class Due:
    """One finding: the module, what is wrong, and what to do. ``code`` is one of those below."""

    code: str
    name: str
    path: str
    line: int
    message: str
    what_to_do: str


def findings(
    records: Sequence[Record],
    users: Mapping[str, Sequence[User]],
    marks: Sequence[Mark],
    today: date,
    there: Container[str],
) -> Iterator[Due]:
    """Yield what is past due, who is new, which records lack something or are not true, and lone marks.

    ``there`` has the files of the project.
    """
    for record in records:
        if record.removed_on is not None:
            yield from _back_again(record, there)
            continue
        yield from _disagreeing(record, there)
        blocking = [user for user in users.get(record.path, ()) if user.blocks]
        if record.path in there:
            yield from _past_due(record, blocking, today)
        yield from _new_users(record, blocking)
        if record.lacks:
            missing = ", ".join(record.lacks)
            yield _due(
                "incomplete-record",
                record,
                f"its record lacks {missing}",
                f"`orchestra deprecate mark {record.name}` with what is missing completes it.",
            )
    known = {record.path for record in records}
    for mark in marks:
        if mark.module_path not in known:
            yield Due(
                "mark-without-record",
                mark.record.name,
                mark.path,
                1,
                f"{mark.module_path} is marked as deprecated and has no record",
                "`orchestra deprecate mark --existing` writes the records of all such marks.",
            )


def _disagreeing(record: Record, there: Container[str]) -> Iterator[Due]:
    if record.path and record.path not in there:
        yield _due(
            "record-disagrees",
            record,
            f"{record.path} is not there, and its removal is not recorded",
            "Correct the path, or add `removed_on`.",
        )


def _back_again(record: Record, there: Container[str]) -> Iterator[Due]:
    if record.path in there:
        yield _due(
            "record-disagrees",
            record,
            f"it was removed on {record.removed_on}, and {record.path} is there again",
            f"`orchestra deprecate restore {record.name}` or delete the file.",
        )


def _past_due(record: Record, users: Sequence[User], today: date) -> Iterator[Due]:
    if record.remove_on is None or record.remove_on > today:
        return
    times = len(record.extensions)
    late = f"it was due on {record.remove_on}" + (f" (put off {times} x)" if times else "")
    if users:
        places = ", ".join(f"{user.path}:{user.line}" for user in users[:3])
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        yield _due(
            "past-due-with-users",
            record,
            f"{late} and is used in {places}{more}",
            "Change the users, or `orchestra deprecate extend` with a reason.",
        )
    else:
        yield _due(
            "past-due",
            record,
            f"{late} and nobody uses it",
            f"`orchestra deprecate remove {record.name}`",
        )


def _new_users(record: Record, users: Sequence[User]) -> Iterator[Due]:
    if record.users is None:
        return
    for path in sorted({user.path for user in users} - set(record.users)):
        line = min(user.line for user in users if user.path == path)
        replacement = record.replacement or "something else"
        yield Due(
            "new-user",
            record.name,
            path,
            line,
            f"{path} uses {record.name}, which it did not when that was marked",
            f"Use {replacement} there.",
        )


def _due(code: str, record: Record, message: str, what_to_do: str) -> Due:
    return Due(code, record.name, PATH, record.line, f"{record.name}: {message}", what_to_do)
