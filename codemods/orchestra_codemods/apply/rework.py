"""Finishing an interrupted run, or taking it back: from its journal and from what the tree is now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from orchestra_codemods.apply.errors import ApplyError, ChangedMeanwhileError, Interrupted, WriteFailedError
from orchestra_codemods.apply.journal import Journal
from orchestra_codemods.apply.record import ChangeNote, FileState, FileStep, Record
from orchestra_codemods.apply.settle import Settlement
from orchestra_codemods.apply.standing import Direction
from orchestra_codemods.apply.stored import StoredRun
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree
from orchestra_codemods.change import Applied, Change, Failed, Kind, Outcome, Plan, Planned, Refused
from orchestra_codemods.source import Source


def rework(
    tree: Tree, journal: Journal, run: StoredRun, direction: Direction, keep: Collection[str]
) -> Outcome:
    """Bring an interrupted run to one of its sides.

    Refused, with nothing changed, where a file is on neither side; Failed where the system refuses a call,
    and then this can be tried again. Raises Interrupted on Ctrl-C.
    """
    assert run.record is not None
    contents = run.contents()
    plan = _plan(run.record, contents, direction)
    settlement = Settlement(tree, run.record, contents, journal.system, direction=direction, keep=keep)
    refusals = settlement.refusals()
    if refusals:
        return Refused(plan, refusals)
    try:
        if direction is Direction.BACKWARD:
            run = journal.mark_rolling_back(run)
        settlement.clear()
        settlement.stage()
        settlement.commit()
        journal.mark_finished(run)
    except (OSError, ChangedMeanwhileError) as error:
        failure: ApplyError
        if isinstance(error, OSError):
            failure = WriteFailedError.because(run.id, settlement.current, error)
        else:
            failure = error
        return Failed(plan, run.id, failure, settlement.reached())
    except KeyboardInterrupt:
        if not journal.has_ended(run):
            raise Interrupted(run.id) from None
    with suppress(OSError):
        journal.prune()
    return Applied(plan, run.id)


def preview_rework(
    tree: Tree, run: StoredRun, direction: Direction, keep: Collection[str]
) -> Planned | Refused:
    """Tell what `rework` would do, writing nothing."""
    assert run.record is not None
    contents = run.contents()
    plan = _plan(run.record, contents, direction)
    refusals = Settlement(tree, run.record, contents, System(), direction=direction, keep=keep).refusals()
    return Refused(plan, refusals) if refusals else Planned(plan)


def _plan(record: Record, contents: Mapping[str, bytes], direction: Direction) -> Plan:
    steps = {step.path: step for step in record.steps}
    changes = [_change(note, steps, contents) for note in record.changes]
    if direction is Direction.BACKWARD:
        because = f"undo of {record.id}"
        changes = [Change(change.after, change.before, because, change.units) for change in changes]
    return Plan(tuple(changes))


def _change(note: ChangeNote, steps: Mapping[str, FileStep], contents: Mapping[str, bytes]) -> Change:
    step, origin = steps[note.path], steps[note.origin or note.path]
    before = None if note.kind is Kind.CREATE else _source(origin.path, origin.before, contents)
    after = None if note.kind is Kind.DELETE else _source(step.path, step.after, contents)
    return Change(before, after, note.because, note.units)


def _source(path: str, state: FileState | None, contents: Mapping[str, bytes]) -> Source | None:
    if state is None:
        return None
    text = contents[state.digest].decode(state.encoding)
    return Source(path, text, state.digest, state.encoding, state.newline)
