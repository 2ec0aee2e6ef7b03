"""Writing a checked draft: the journal first, then the staging, then the switch of every file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from orchestra_codemods.apply.errors import ChangedMeanwhileError, Interrupted, WriteFailedError
from orchestra_codemods.apply.journal import Journal
from orchestra_codemods.apply.preflight import Draft
from orchestra_codemods.apply.reasons import Reason, refusal
from orchestra_codemods.apply.record import Record
from orchestra_codemods.apply.settle import Settlement
from orchestra_codemods.apply.standing import Direction
from orchestra_codemods.apply.stored import StoredRun
from orchestra_codemods.apply.tree import Tree
from orchestra_codemods.change import Applied, Failed, Outcome, Plan, Refusal, Refused


def write(tree: Tree, journal: Journal, plan: Plan, made: Draft, record: Record) -> Outcome:
    """Do what a draft without refusals says.

    Refused where it failed before the first file was touched and nothing is left of the attempt; Failed where
    it failed later. Raises Interrupted on Ctrl-C.
    """
    short = _lack_of_space(tree, journal, made)
    if short:
        return Refused(plan, (short,))
    record = replace(record, changes=made.notes, steps=tuple(made.steps), made=made.made)
    try:
        run = journal.begin(record, made.contents)
    except OSError as error:
        return Refused(plan, (_cannot_write(".", error),))
    except KeyboardInterrupt:
        raise Interrupted(None) from None
    outcome = _Writing(tree, journal, plan, run, made).write()
    if isinstance(outcome, Applied):
        with suppress(OSError):
            journal.prune()
    return outcome


class _Writing:
    def __init__(self, tree: Tree, journal: Journal, plan: Plan, run: StoredRun, made: Draft) -> None:
        assert run.record is not None
        self._tree, self._journal, self._plan, self._run = tree, journal, plan, run
        self._record, self._contents = run.record, made.contents
        self._settlement = Settlement(tree, run.record, made.contents, journal.system)

    def write(self) -> Outcome:
        try:
            self._settlement.stage()
        except OSError as error:
            return self._give_up(error)
        except KeyboardInterrupt:
            with suppress(OSError):
                self._abandon()
                raise Interrupted(None) from None
            raise Interrupted(self._run.id) from None
        try:
            self._settlement.commit()
            self._journal.mark_finished(self._run)
        except ChangedMeanwhileError as error:
            return self._take_back(error)
        except OSError as error:
            return self._failed(error)
        except KeyboardInterrupt:
            if not self._journal.has_ended(self._run):
                raise Interrupted(self._run.id) from None
        return Applied(self._plan, self._run.id)

    def _abandon(self) -> None:
        self._settlement.abandon()
        self._journal.discard(self._run)

    def _give_up(self, error: OSError) -> Outcome:
        """Leave no trace of an attempt that has touched no file yet."""
        path = self._settlement.current
        try:
            self._abandon()
        except OSError:
            return self._failed(error)
        return Refused(self._plan, (_cannot_write(path, error),))

    def _take_back(self, error: ChangedMeanwhileError) -> Outcome:
        """Take back what was switched before a file turned out to be somebody else's by now."""
        try:
            self._run = self._journal.mark_rolling_back(self._run)
            back = Settlement(
                self._tree,
                self._record,
                self._contents,
                self._journal.system,
                direction=Direction.BACKWARD,
                keep={error.path},
            )
            back.clear()
            back.stage()
            back.commit()
            self._journal.mark_finished(self._run)
        except (OSError, ChangedMeanwhileError):
            return Failed(self._plan, self._run.id, error, self._settlement.reached())
        except KeyboardInterrupt:
            raise Interrupted(self._run.id) from None
        return Refused(self._plan, (refusal(Reason.CHANGED, error.path),))

    def _failed(self, error: OSError) -> Outcome:
        failure = WriteFailedError.because(self._run.id, self._settlement.current, error)
        return Failed(self._plan, self._run.id, failure, self._settlement.reached())


def _lack_of_space(tree: Tree, journal: Journal, made: Draft) -> Refusal | None:
    in_journal = sum(len(content) for content in made.contents.values())
    staged = sum(len(made.contents[step.after.digest]) for step in made.steps if step.after)
    for place, needed in ((tree.root, staged), (journal.places[0].path, in_journal)):
        free = journal.system.free_space(place)
        if free < needed:
            return refusal(Reason.DISK_FULL, ".", f"{needed} bytes are needed on the disk, {free} are free")
    return None


def _cannot_write(path: str, error: OSError) -> Refusal:
    return refusal(Reason.CANNOT_WRITE, path, error.strerror or str(error))
