"""The records of deprecated modules, in `deprecations.toml` at the project's root.

    [[module]]
    name = "my_app.old"                # as it is imported
    path = "src/my_app/old.py"
    replacement = "my_app.new"         # left out where there is none
    owner = "core"
    remove_on = 2027-02-20
    users = ["src/main.py"]            # who used it when it was marked
    extensions = [{ from = 2027-01-01, to = 2027-02-20, reason = "the mobile app still needs it" }]
    removed_on = 2027-02-21            # the file is <path>.DEPRECATED now

What a person wrote around the records stays as it is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orchestra.errors import OrchestraError
from orchestra_codemods.source import Source

PATH = "deprecations.toml"


class BrokenRecordsError(OrchestraError):
    """`deprecations.toml` is not TOML, or holds something else than records where records are expected."""

    code = "broken-deprecations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One deprecated module; None or empty is what the record lacks."""

    name: str
    path: str
    replacement: str | None = None
    owner: str | None = None
    remove_on: date | None = None
    users: tuple[str, ...] | None = None
    extensions: tuple[Mapping[str, Any], ...] = ()
    removed_on: date | None = None
    line: int = field(default=1, compare=False)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What a complete record has and this one has not; a replacement may be missing for good."""
        needed = {"path": self.path, "owner": self.owner, "remove_on": self.remove_on}
        return tuple(name for name, value in needed.items() if not value)


def read_records(source: Source | None) -> tuple[Record, ...]:
    """Return the records of a file, in its order. Raises BrokenRecordsError."""
    if source is None:
        return ()
    text = source.text.replace("\r\n", "\n")
    try:
        tables = tomllib.loads(text).get("module", [])
    except tomllib.TOMLDecodeError as error:
        raise _broken(str(error)) from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise _broken("`module` is no list of tables")
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line.strip() == "[[module]]"]
    lines = dict(enumerate(starts))
    return tuple(_record(table, lines.get(index, 1)) for index, table in enumerate(tables))


def find_record(records: Iterable[Record], wanted: str) -> Record | None:
    """Return the record of a module's name or path."""
    return next((one for one in records if wanted in (one.name, one.path)), None)


def with_records(before: Source | None, records: Iterable[Record]) -> Source:
    """Return the file with each record; one that is there by name gets the values that are given."""
    import tomlkit

    document: Any = tomlkit.parse(before.text) if before is not None else tomlkit.document()
    tables = document.get("module")
    if tables is None:
        tables = tomlkit.aot()
        document["module"] = tables
    known = {str(table.get("name")): table for table in tables}
    for record in records:
        table = known.get(record.name)
        if table is None:
            table = tomlkit.table()
            if before is not None and len(tables):  # between tables of its own tomlkit leaves a line itself
                tables[-1].add(tomlkit.nl())
            tables.append(table)
            known[record.name] = table
        _fill(table, record)
    text = tomlkit.dumps(document)
    return Source.new(PATH, text) if before is None else before.with_text(text)


def _fill(table: Any, record: Record) -> None:
    import tomlkit

    values: dict[str, Any] = {
        "name": record.name,
        "path": record.path or None,
        "replacement": record.replacement,
        "owner": record.owner,
        "remove_on": record.remove_on,
        "users": list(record.users) if record.users is not None else None,
        "extensions": _inline(record.extensions) if record.extensions else None,
        "removed_on": record.removed_on,
    }
    for key, value in values.items():
        current = table.get(key)
        plain = current.unwrap() if hasattr(current, "unwrap") else current
        if value is None:
            if key in table:
                del table[key]
        elif plain != (value.unwrap() if hasattr(value, "unwrap") else value):
            table[key] = value if not isinstance(value, list) else tomlkit.item(value)


def _inline(extensions: Iterable[Mapping[str, Any]]) -> Any:
    import tomlkit

    array = tomlkit.array()
    for one in extensions:
        table = tomlkit.inline_table()
        table.update(dict(one))
        array.append(table)
    return array


def _record(table: Mapping[str, Any], line: int) -> Record:
    name, path = str(table.get("name") or ""), str(table.get("path") or "")
    if not name:
        raise _broken(f"the record in line {line} has no name")
    if not name.isprintable():
        raise _broken(f"the record in line {line} is of {name!r}, which is no module's name")
    if path.startswith("/") or ".." in path.split("/") or not path.isprintable():
        raise _broken(f"path of {name} is {path!r}, which is no file below the project's root")
    users, extensions = table.get("users"), table.get("extensions", [])
    return Record(
        name=name,
        path=path,
        replacement=str(table["replacement"]) if table.get("replacement") else None,
        owner=str(table["owner"]) if table.get("owner") else None,
        remove_on=_day(table, "remove_on", name),
        users=tuple(str(user) for user in users) if isinstance(users, list) else None,
        extensions=tuple(one for one in extensions if isinstance(one, dict)),
        removed_on=_day(table, "removed_on", name),
        line=line,
    )


def _day(table: Mapping[str, Any], key: str, name: str) -> date | None:
    value = table.get(key)
    if value is None or (isinstance(value, date) and not hasattr(value, "hour")):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _broken(f"{key} of {name} is {value!r}, which is no date") from None


def _broken(what: str) -> BrokenRecordsError:
    return BrokenRecordsError(f"{PATH} cannot be used: {what}", hint="Correct it; nothing was changed.")
