"""What the journal says about a run: which files, from which state to which, and where their contents are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from orchestra_codemods.apply.paths import UnsafePathError, check_path
from orchestra_codemods.change import Kind

VERSION = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_RUN_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4,16}")


class RecordVersionError(ValueError):
    """The record was written by another version of the product."""

    def __init__(self, version: object) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class FileState:
    """A file on one side of a change.

    ``mode``, ``user`` and ``group`` are None for a new file: the umask and the directory decide.
    ``attributes`` are extended attributes, their values in hexadecimal.
    """

    digest: str
    encoding: str
    newline: str
    mode: int | None = None
    user: int | None = None
    group: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileStep:
    """One file, from one state to another; None is absence.

    ``path`` is the name that was asked for, ``real`` the place of the bytes, links resolved. A file which is
    written ``in_place`` keeps its inode, because it has other names or another owner.
    """

    path: str
    real: str
    before: FileState | None
    after: FileState | None
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """A change of the plan as history and undo tell it. ``origin`` is the path before a rename."""

    path: str
    kind: Kind
    because: str
    origin: str | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A run as it was begun. ``made`` and ``removed`` are directories, outermost first."""

    id: str
    sequence: int
    root: str
    command: str
    started: str
    changes: tuple[ChangeNote, ...]
    steps: tuple[FileStep, ...]
    made: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    undoes: str | None = None
    contents: tuple[tuple[str, int, int], ...] = ()

    def to_bytes(self) -> bytes:
        """Return the record as JSON."""
        return json.dumps({"version": VERSION, **asdict(self)}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Record:
        """Read and check a record.

        Raises RecordVersionError, UnsafePathError, or another ValueError, KeyError or TypeError where it is
        not what `to_bytes` writes.
        """
        value = json.loads(data)
        if not isinstance(value, dict):
            raise TypeError("not an object")
        if value.pop("version", None) != VERSION:
            raise RecordVersionError(json.loads(data).get("version"))
        value["changes"] = tuple(_note(each) for each in value["changes"])
        value["steps"] = tuple(_step(each) for each in value["steps"])
        value["contents"] = tuple(_content(*each) for each in value["contents"])
        for name in ("made", "removed"):
            value[name] = tuple(_path(each) for each in value[name])
        record = cls(**value)
        record._check()
        return record

    def states(self) -> Iterable[FileState]:
        """Yield every state of every file."""
        for step in self.steps:
            yield from (state for state in (step.before, step.after) if state is not None)

    def _check(self) -> None:
        datetime.fromisoformat(self.started)
        if not is_run_id(self.id) or not (self.undoes is None or is_run_id(self.undoes)):
            raise ValueError("not the name of a run")
        if type(self.sequence) is not int or not isinstance(self.command, str):
            raise TypeError("not a number, or not a text")
        known = {digest for digest, _, _ in self.contents}
        if any(state.digest not in known for state in self.states()):
            raise ValueError("a content is missing")
        if len({step.real for step in self.steps}) != len(self.steps):
            raise ValueError("one file occurs twice")


def is_run_id(text: object) -> bool:
    """Tell whether a text can name a run (and so a directory of the journal)."""
    return isinstance(text, str) and _RUN_ID.fullmatch(text) is not None


def _note(value: dict[str, Any]) -> ChangeNote:
    origin = None if value["origin"] is None else _path(value["origin"])
    units = tuple(str(unit) for unit in value["units"])
    return ChangeNote(_path(value["path"]), Kind(value["kind"]), str(value["because"]), origin, units)


def _step(value: dict[str, Any]) -> FileStep:
    before, after = (None if value[side] is None else _state(value[side]) for side in ("before", "after"))
    if type(value["in_place"]) is not bool or (value["in_place"] and (before is None or after is None)):
        raise ValueError("only a file on both sides is written in place")
    return FileStep(_path(value["path"]), _path(value["real"]), before, after, value["in_place"])


def _state(value: dict[str, Any]) -> FileState:
    for name in ("mode", "user", "group"):
        if value[name] is not None and type(value[name]) is not int:
            raise TypeError(f"{name} is no number")
    if value["mode"] is not None and not 0 <= value["mode"] <= 0o7777:
        raise ValueError("no mode")
    attributes = tuple((str(name), bytes.fromhex(text).hex()) for name, text in value.pop("attributes"))
    state = FileState(**value, attributes=attributes)
    "".encode(state.encoding)
    _digest(state.digest)
    if state.newline not in ("\n", "\r\n", "\r"):
        raise ValueError("no line ending")
    return state


def _content(digest: str, offset: int, length: int) -> tuple[str, int, int]:
    if type(offset) is not int or type(length) is not int or offset < 0 or length < 0:
        raise TypeError("not a place in the contents")
    return _digest(digest), offset, length


def _digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise ValueError("no digest")
    return text


def _path(path: str) -> str:
    if not isinstance(path, str):
        raise UnsafePathError(f"{path!r} is no path")
    check_path(path)
    return path
