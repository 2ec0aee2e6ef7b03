"""Reading one run back from its journal. Nothing in it is believed before it was checked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from orchestra_codemods.apply.errors import (
    DamagedJournalError,
    ForeignJournalError,
    JournalError,
    JournalVersionError,
    OtherRootError,
    RootError,
    UnsafeJournalError,
)
from orchestra_codemods.apply.paths import UnsafePathError
from orchestra_codemods.apply.places import Place
from orchestra_codemods.apply.record import Record, RecordVersionError
from orchestra_codemods.apply.seal import opened
from orchestra_codemods.apply.tree import NotAFileError, Tree, read_all
from orchestra_codemods.source import digest_of

CONTENTS = "contents"
RECORD = "record"
ROLLING_BACK = "rolling-back"
FINISHED = "finished"
RECORD_PURPOSE = "orchestra-journal/1"


class Ending(StrEnum):
    """How a run ended."""

    APPLIED = "applied"
    ROLLED_BACK = "rolled-back"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run in the journal. Without a ``record`` there is a ``problem`` that says why it cannot be read."""

    place: Place
    id: str
    record: Record | None = None
    problem: JournalError | None = None
    is_rolling_back: bool = False
    ending: Ending | None = None

    @property
    def sequence(self) -> int:
        """The number of the run; later runs have higher ones."""
        return self.record.sequence if self.record else 0

    @property
    def path(self) -> Path:
        """The directory of the run."""
        return self.place.path / self.id

    def contents(self) -> dict[str, bytes]:
        """Read the contents by digest. Raises DamagedJournalError where one is not what it should be."""
        assert self.record is not None
        data = _read(self, CONTENTS)
        found = {digest: data[offset : offset + length] for digest, offset, length in self.record.contents}
        for digest, content in found.items():
            if digest_of(content) != digest:
                raise DamagedJournalError.at(self.path, "a content does not match its digest")
        return found


def load_run(
    place: Place, run_id: str, root: Path, key: bytes | None, trusted: frozenset[str]
) -> StoredRun | None:
    """Read a run; None where it was never begun. What is wrong with it becomes its ``problem``."""
    run = StoredRun(place, run_id)
    try:
        names = _names(run)
        if RECORD not in names:
            return None
        record = _record(run, root, key, trusted)
        is_rolling_back = ROLLING_BACK in names
        if is_rolling_back:
            _mark(run, ROLLING_BACK, key, trusted)
        ending = _ending(run, key, trusted) if FINISHED in names else None
        return StoredRun(place, run_id, record, is_rolling_back=is_rolling_back, ending=ending)
    except JournalError as problem:
        is_finished = (run.path / FINISHED).is_file()
        return StoredRun(place, run_id, problem=problem, ending=Ending.APPLIED if is_finished else None)


def _record(run: StoredRun, root: Path, key: bytes | None, trusted: frozenset[str]) -> Record:
    found = opened(_read(run, RECORD), RECORD_PURPOSE, key)
    is_believed = found.is_authentic or run.id in trusted
    try:
        record = Record.from_bytes(found.payload)
    except RecordVersionError as error:
        raise (
            JournalVersionError.at(run.path, error.version)
            if is_believed
            else ForeignJournalError.at(run.path)
        ) from None
    except UnsafePathError as error:
        raise UnsafeJournalError.at(run.path, str(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError, LookupError, RecursionError):
        raise DamagedJournalError.at(run.path, "its record is not complete") from None
    if not is_believed:
        raise ForeignJournalError.at(run.path)
    if record.id != run.id:
        raise DamagedJournalError.at(run.path, "it has the name of another run")
    if record.root != os.fspath(root):
        raise OtherRootError.at(run.path, record.root)
    return record


def _ending(run: StoredRun, key: bytes | None, trusted: frozenset[str]) -> Ending:
    try:
        return Ending(_mark(run, FINISHED, key, trusted).decode())
    except ValueError:
        raise DamagedJournalError.at(run.path, "its end is not readable") from None


def _mark(run: StoredRun, name: str, key: bytes | None, trusted: frozenset[str]) -> bytes:
    """Read a mark; it is sealed too, so that nobody can hide or turn round an unfinished run."""
    found = opened(_read(run, name), mark_purpose(run.id, name), key)
    if not found.is_authentic and run.id not in trusted:
        raise ForeignJournalError.at(run.path)
    return found.payload


def mark_purpose(run_id: str, name: str) -> str:
    """Return what the seal of a mark is for."""
    return f"{RECORD_PURPOSE}/{run_id}/{name}"


def _names(run: StoredRun) -> set[str]:
    try:
        with Tree(run.place.anchor) as tree, tree.directory(f"{run.place.folder}/{run.id}") as directory:
            return set(os.listdir(directory))
    except (OSError, RootError) as error:
        raise DamagedJournalError.at(run.path, str(error)) from error


def _read(run: StoredRun, name: str) -> bytes:
    try:
        with Tree(run.place.anchor) as tree, tree.file(f"{run.place.folder}/{run.id}/{name}") as file:
            return read_all(file)
    except (OSError, NotAFileError, RootError) as error:
        raise DamagedJournalError.at(run.path, f"{name} cannot be read ({error})") from error
