"""The verbs of writing: apply a plan, take runs back, finish interrupted ones, list them.

What concerns earlier runs is imported by the verb that needs it: nearly every command writes, few take back.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from orchestra_codemods.apply.errors import NothingToResumeError, RootError
from orchestra_codemods.apply.history import Run
from orchestra_codemods.apply.journal import Journal
from orchestra_codemods.apply.preflight import draft
from orchestra_codemods.apply.record import Record
from orchestra_codemods.apply.standing import Direction
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree
from orchestra_codemods.apply.write import write
from orchestra_codemods.change import Change, Outcome, Plan, Planned, Refused


def apply(root: Path, plan: Plan, *, command: str, system: System | None = None) -> Outcome:
    """Write the plan into the tree below ``root``, or nothing of it.

    ``command`` is what `orchestra history` shows. Returns Planned where there is nothing to write. Raises
    ApplyError (RunInProgressError, UnfinishedRunError, JournalError and so on) where writing cannot begin,
    and Interrupted on Ctrl-C.
    """
    changes = _effective(plan)
    if not changes:
        return Planned(plan)
    system = system or System()
    with _opened(root) as tree, Journal.writing(tree.root, command, system) as journal:
        journal.require_finished(journal.runs())
        made = draft(tree, changes)
        if made.refusals:
            return Refused(plan, tuple(made.refusals))
        return write(tree, journal, plan, made, _record(tree, command))


def preview(root: Path, plan: Plan) -> Planned | Refused:
    """Tell what `apply` would do, writing nothing: the plan, or why it would be refused.

    Raises UnfinishedRunError and JournalError as `apply` does.
    """
    with _opened(root) as tree:
        journal = Journal.reading(tree.root)
        journal.require_finished(journal.runs())
        refusals = draft(tree, _effective(plan)).refusals
    return Refused(plan, tuple(refusals)) if refusals else Planned(plan)


def undo(
    root: Path,
    run_id: str | None = None,
    *,
    command: str = "orchestra undo",
    keep: Collection[str] = (),
    trusted: Collection[str] = (),
    system: System | None = None,
) -> Outcome:
    """Take a run back; by default the interrupted one, else the latest that is not undone.

    ``run_id`` may be the beginning of a name. Undoing is a run of its own, which can be undone by naming it;
    by default such runs do not count. Edits made since are kept where they merge cleanly, else nothing is
    undone. Paths in ``keep`` stay as they are; runs in ``trusted`` are believed although no key of this
    user sealed them. Raises ApplyError, and Interrupted on Ctrl-C.
    """
    from orchestra_codemods.apply.reversal import reversal
    from orchestra_codemods.apply.rework import rework
    from orchestra_codemods.apply.runs import choose

    system = system or System()
    with _opened(root) as tree, Journal.writing(tree.root, command, system) as journal:
        runs = journal.runs(frozenset(trusted))
        run = choose(journal, runs, run_id)
        if run.ending is None:
            return rework(tree, journal, run, Direction.BACKWARD, keep)
        assert run.record is not None
        back = reversal(tree, run.record, run.contents(), keep)
        made = draft(tree, back.plan.changes, back.restored)
        refusals = (*back.refusals, *made.refusals)
        if refusals:
            return Refused(back.plan, refusals)
        return write(tree, journal, back.plan, made, _record(tree, command, run.id, back.removed))


def preview_undo(
    root: Path, run_id: str | None = None, *, keep: Collection[str] = (), trusted: Collection[str] = ()
) -> Planned | Refused:
    """Tell what `undo` would do, writing nothing."""
    from orchestra_codemods.apply.reversal import reversal
    from orchestra_codemods.apply.rework import preview_rework
    from orchestra_codemods.apply.runs import choose

    with _opened(root) as tree:
        journal = Journal.reading(tree.root)
        run = choose(journal, journal.runs(frozenset(trusted)), run_id)
        if run.ending is None:
            return preview_rework(tree, run, Direction.BACKWARD, keep)
        assert run.record is not None
        back = reversal(tree, run.record, run.contents(), keep)
        refusals = (*back.refusals, *draft(tree, back.plan.changes, back.restored).refusals)
    return Refused(back.plan, refusals) if refusals else Planned(back.plan)


def resume(
    root: Path,
    *,
    command: str = "orchestra resume",
    keep: Collection[str] = (),
    trusted: Collection[str] = (),
    system: System | None = None,
) -> Outcome:
    """Finish the interrupted run, or the interrupted taking back of one.

    Raises NothingToResumeError where no run was interrupted, ApplyError, and Interrupted on Ctrl-C.
    """
    from orchestra_codemods.apply.rework import rework

    system = system or System()
    with _opened(root) as tree, Journal.writing(tree.root, command, system) as journal:
        run = journal.unfinished(journal.runs(frozenset(trusted)))
        if run is None:
            raise NothingToResumeError.here()
        return rework(tree, journal, run, _direction(run.is_rolling_back), keep)


def preview_resume(
    root: Path, *, keep: Collection[str] = (), trusted: Collection[str] = ()
) -> Planned | Refused:
    """Tell what `resume` would do, writing nothing."""
    from orchestra_codemods.apply.rework import preview_rework

    with _opened(root) as tree:
        journal = Journal.reading(tree.root)
        run = journal.unfinished(journal.runs(frozenset(trusted)))
        if run is None:
            raise NothingToResumeError.here()
        return preview_rework(tree, run, _direction(run.is_rolling_back), keep)


def require_finished(root: Path, *, command: str, system: System | None = None) -> None:
    """Look whether an earlier run was interrupted, before anything is worked out that could not be written.

    Raises UnfinishedRunError, the problem of a run that cannot be read, and RunInProgressError where the run
    that is not finished is still writing.
    """
    with _opened(root) as tree:
        reading = Journal.reading(tree.root)
        if any(run.ending is None for run in reading.runs()):
            with Journal.writing(tree.root, command, system or System()) as journal:
                journal.require_finished(journal.runs())


def history(root: Path) -> list[Run]:
    """List the journaled runs of this root, newest first. Those that cannot be read say why."""
    from orchestra_codemods.apply.listing import listed

    with _opened(root) as tree:
        return listed(Journal.reading(tree.root).runs())


def _direction(is_rolling_back: bool) -> Direction:
    return Direction.BACKWARD if is_rolling_back else Direction.FORWARD


def _effective(plan: Plan) -> Sequence[Change]:
    return [change for change in plan.changes if not change.is_empty]


@contextmanager
def _opened(root: Path) -> Iterator[Tree]:
    with Tree(root) as tree:
        if tree.root == tree.root.parent:
            raise RootError.at(root, "it is the root of the file system")
        yield tree


def _record(tree: Tree, command: str, undoes: str | None = None, removed: tuple[str, ...] = ()) -> Record:
    return Record("", 0, os.fspath(tree.root), command, "", (), (), removed=removed, undoes=undoes)
