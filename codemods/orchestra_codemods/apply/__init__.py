"""The only writer. Everything that changes a user's tree comes through here, and can be taken back.

The verbs, for the command line to call::

    apply(root, plan, *, command) -> Applied | Planned | Refused | Failed   Planned: nothing to write
    preview(root, plan) -> Planned | Refused                                the dry run of apply
    undo(root, run_id=None, *, keep=(), trusted=()) -> Outcome              None: the interrupted run, else
                                                                            the latest that is not undone;
                                                                            undo runs do not count, name one
                                                                            to redo
    preview_undo(root, run_id=None, *, keep=(), trusted=()) -> Planned | Refused
    resume(root, *, keep=(), trusted=()) -> Outcome                         finishes the interrupted run
    preview_resume(root, *, keep=(), trusted=()) -> Planned | Refused
    history(root) -> list[Run]                                              newest first

``keep`` names paths that stay as they are (an escape where somebody edited a file after an interrupted run);
``trusted`` names runs that are accepted although this user's key did not seal them.

What concerns single files is returned: ``Refused`` (nothing was changed; the ``unit`` of each refusal is its
code) or ``Failed`` (the journal entry ``id`` finishes it or takes it back). What concerns the whole run is
raised as an :class:`ApplyError` with ``code`` and ``hint``: another run holds the lock, an earlier run is
unfinished, a journal is foreign or damaged, there is nothing to undo. Ctrl-C raises :class:`Interrupted`,
a KeyboardInterrupt that says what was left and what to do.
"""

from orchestra_codemods.apply.errors import (
    AlreadyUndoneError,
    ApplyError,
    ChangedMeanwhileError,
    ForeignJournalError,
    Interrupted,
    JournalError,
    NoSuchRunError,
    NothingToResumeError,
    NothingToUndoError,
    RunInProgressError,
    UnfinishedRunError,
    WriteFailedError,
)
from orchestra_codemods.apply.history import Run, RunChange, RunState
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.verbs import (
    apply,
    history,
    preview,
    preview_resume,
    preview_undo,
    require_finished,
    resume,
    undo,
)

__all__ = [
    "AlreadyUndoneError",
    "ApplyError",
    "ChangedMeanwhileError",
    "ForeignJournalError",
    "Interrupted",
    "JournalError",
    "NoSuchRunError",
    "NothingToResumeError",
    "NothingToUndoError",
    "Run",
    "RunChange",
    "RunInProgressError",
    "RunState",
    "System",
    "UnfinishedRunError",
    "WriteFailedError",
    "apply",
    "history",
    "preview",
    "preview_resume",
    "preview_undo",
    "require_finished",
    "resume",
    "undo",
]
