"""The journals of one project, written ahead of every change and checked before they are believed.

A run is a directory: ``contents`` (all bytes, before and after, one behind the other), ``record`` (what is to
be done, sealed; its appearance begins the run), ``rolling-back`` (where an unfinished run is being taken
back) and ``finished`` (how it ended). There is no progress file: what is done is seen in the tree itself.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from orchestra_codemods.apply.errors import JournalNotWritableError, RootError, UnfinishedRunError
from orchestra_codemods.apply.lock import locked
from orchestra_codemods.apply.places import Place, places_for
from orchestra_codemods.apply.record import Record, is_run_id
from orchestra_codemods.apply.seal import existing_key, obtain_key, sealed, state_directory
from orchestra_codemods.apply.stored import (
    CONTENTS,
    FINISHED,
    RECORD,
    RECORD_PURPOSE,
    ROLLING_BACK,
    Ending,
    StoredRun,
    load_run,
    mark_purpose,
)
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree

KEPT_RUNS = 50
_NEW = ".new"


@dataclass(frozen=True, slots=True)
class Journal:
    """The journals of one root, as opened for reading or, with a key, for writing."""

    root: Path
    places: tuple[Place, ...]
    key: bytes | None
    system: System

    @classmethod
    def reading(cls, root: Path) -> Journal:
        """Open the journals without making anything."""
        return cls(root, places_for(root), existing_key(), System())

    @classmethod
    @contextmanager
    def writing(cls, root: Path, command: str, system: System) -> Iterator[Journal]:
        """Open the journals and hold their lock.

        Raises RunInProgressError, and JournalNotWritableError where there is no place for a journal.
        """
        places = places_for(root)
        try:
            key = obtain_key(system)
        except (OSError, RootError) as error:
            raise JournalNotWritableError.at(state_directory(), str(error)) from error
        with ExitStack() as stack:
            try:
                tree, above = stack.enter_context(Tree.above(places[0].anchor))
                folder = f"{above}/{places[0].folder}".lstrip("/")
                tree.make_directories(folder, system, 0o700)
                stack.enter_context(locked(tree, folder, command, system))
            except (OSError, RootError) as error:
                raise JournalNotWritableError.at(places[0].path, str(error)) from error
            yield cls(root, places, key, system)

    def runs(self, trusted: frozenset[str] = frozenset()) -> list[StoredRun]:
        """Return the runs, oldest first; those which cannot be read carry their problem."""
        found = [run for place in self.places for run in self._runs_in(place, trusted)]
        return sorted(found, key=lambda run: (run.sequence, run.id))

    def begin(self, record: Record, contents: Mapping[str, bytes]) -> StoredRun:
        """Write a run ahead of what it does; the record gets its name, number and time here.

        OSError is passed on, and what was written so far is then no run.
        """
        now = datetime.now(UTC)
        place = self.places[0]
        record = replace(
            record,
            id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
            sequence=max((run.sequence for run in self.runs()), default=0) + 1,
            started=now.isoformat(timespec="seconds"),
            contents=_layout(contents),
        )
        run = StoredRun(place, record.id, record)
        try:
            self._write_run(run, record, b"".join(contents.values()))
        except (OSError, KeyboardInterrupt):
            with suppress(OSError):
                self.discard(run)
            raise
        return run

    def mark_rolling_back(self, run: StoredRun) -> StoredRun:
        """Note that an unfinished run is being taken back, whoever finishes that."""
        if not run.is_rolling_back:
            with self._directory(run) as directory:
                self._write(directory, ROLLING_BACK, b"", mark_purpose(run.id, ROLLING_BACK))
                self.system.sync(directory)
        return replace(run, is_rolling_back=True)

    def mark_finished(self, run: StoredRun) -> None:
        """Note that nothing is left to do for a run."""
        ending = Ending.ROLLED_BACK if run.is_rolling_back else Ending.APPLIED
        with self._directory(run) as directory:
            self._write(directory, FINISHED, ending.value.encode(), mark_purpose(run.id, FINISHED))
            # A mark that is lost in a power cut costs a `resume` which has nothing to do.
            with suppress(OSError):
                self.system.sync(directory)

    def has_ended(self, run: StoredRun) -> bool:
        """Tell whether a run is marked as finished, on the disk."""
        stored = load_run(run.place, run.id, self.root, self.key, frozenset({run.id}))
        return stored is None or stored.ending is not None

    def discard(self, run: StoredRun) -> None:
        """Forget a run; without its record, which goes first, it is none."""
        with self._directory(run) as directory:
            for name in sorted(os.listdir(directory), key=lambda name: name != RECORD):
                self.system.unlink(name, directory)
        with Tree(run.place.anchor) as tree, tree.directory(run.place.folder) as above:
            self.system.remove_directory(run.id, above)

    def prune(self) -> None:
        """Forget what a killed process left without a record, and all but the newest finished runs."""
        for place in self.places:
            for run_id in _run_ids(place):
                if not (place.path / run_id / RECORD).exists():
                    self.discard(StoredRun(place, run_id))
        finished = [run for run in self.runs() if run.ending is not None]
        for run in finished[:-KEPT_RUNS]:
            self.discard(run)

    def unfinished(self, runs: list[StoredRun]) -> StoredRun | None:
        """Return the interrupted run, of which there is at most one.

        Raises its problem where it cannot be read: what it left in the tree is unknown.
        """
        for run in runs:
            if run.ending is None:
                if run.problem is not None:
                    raise run.problem
                return run
        return None

    def require_finished(self, runs: list[StoredRun]) -> None:
        """Raise UnfinishedRunError where an earlier run was interrupted."""
        run = self.unfinished(runs)
        if run is not None and run.record is not None:
            raise UnfinishedRunError.named(run.id, run.record.command)

    def _runs_in(self, place: Place, trusted: frozenset[str]) -> Iterator[StoredRun]:
        for run_id in _run_ids(place):
            run = load_run(place, run_id, self.root, self.key, trusted)
            if run is not None:
                yield run

    @staticmethod
    @contextmanager
    def _directory(run: StoredRun) -> Iterator[int]:
        with Tree(run.place.anchor) as tree, tree.directory(f"{run.place.folder}/{run.id}") as directory:
            yield directory

    def _write_run(self, run: StoredRun, record: Record, contents: bytes) -> None:
        with Tree(run.place.anchor) as tree, tree.directory(run.place.folder) as above:
            self.system.make_directory(run.id, above, 0o700)
            with self._directory(run) as directory:
                self._write(directory, CONTENTS, contents)
                self.system.sync(directory)
                self._write(directory, RECORD, record.to_bytes(), RECORD_PURPOSE)
                self.system.sync(directory)
            self.system.sync(above)

    def _write(self, directory: int, name: str, data: bytes, purpose: str = "") -> None:
        if purpose:
            assert self.key is not None
            data = sealed(data, purpose, self.key)
        # A process that was killed here may have left its attempt.
        if name + _NEW in os.listdir(directory):
            self.system.unlink(name + _NEW, directory)
        descriptor = self.system.create(name + _NEW, directory)
        try:
            self.system.write(descriptor, data)
            self.system.sync(descriptor)
        finally:
            os.close(descriptor)
        self.system.replace(name + _NEW, name, directory)


def _layout(contents: Mapping[str, bytes]) -> tuple[tuple[str, int, int], ...]:
    offset = 0
    places: list[tuple[str, int, int]] = []
    for digest, data in contents.items():
        places.append((digest, offset, len(data)))
        offset += len(data)
    return tuple(places)


def _run_ids(place: Place) -> list[str]:
    try:
        return sorted(name for name in os.listdir(place.path) if is_run_id(name))
    except (FileNotFoundError, NotADirectoryError):
        return []
