"""The twenty-file change in all its states: before, after, and whatever a fault leaves in between."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from orchestra_codemods.apply import (
    NothingToResumeError,
    NothingToUndoError,
    System,
    apply,
    resume,
    undo,
)
from orchestra_codemods.change import Applied, Outcome
from tests.support.faults import Dying, Quick, in_child
from tests.support.journaled import twenty_file_plan, write_twenty_files
from tests.support.snapshots import Snapshot, snapshot

HARD_LINKED = {"other/shrinks.py", "pkg/shrinks_too.py", "other/grows.py", "pkg/grows_too.py"}
RENAMED = {"pkg/renamed.py", "pkg/renamed.py.DEPRECATED"}
Verb = Callable[[System], Outcome]


class Scene:
    """The twenty-file tree, as it was and as it should become."""

    def __init__(self, root: Path, state: Path) -> None:
        self.root, self.state = root, state
        self.reset()
        self.before = snapshot(root)
        counting = Quick()
        assert isinstance(self.apply(counting), Applied)
        self.after = snapshot(root)
        self.calls = counting.calls
        self.forget()

    def reset(self) -> None:
        write_twenty_files(self.root)

    def forget(self) -> None:
        """Begin again, with the tree as it was and without journals and key."""
        for folder in (self.root / ".git/orchestra", self.state):
            shutil.rmtree(folder, ignore_errors=True)
        self.reset()

    def apply(self, system: System) -> Outcome:
        return apply(self.root, twenty_file_plan(self.root), command="orchestra migrate", system=system)

    def resume(self, system: System) -> Outcome:
        return resume(self.root, system=system)

    def undo(self, system: System) -> Outcome:
        return undo(self.root, system=system)

    def kill(self, verb: Verb, at: int) -> bool:
        """Run a verb in a process that is killed at a call; False where it needs fewer calls."""
        return in_child(lambda: verb(Dying(at)))

    def assert_each_file_is_old_or_new(self) -> None:
        now = snapshot(self.root)
        for path in {*now, *self.before, *self.after} - HARD_LINKED:
            if not path.rpartition("/")[2].startswith(".orchestra-"):
                allowed = [face(self.before, path), face(self.after, path)]
                assert face(now, path) in allowed, path
        assert RENAMED & now.keys(), "a file that is renamed exists under one of its names at any time"

    def assert_finished(self) -> None:
        assert snapshot(self.root) == self.after

    def assert_undone(self) -> None:
        assert snapshot(self.root) == self.before

    def assert_resumes(self) -> None:
        """What is left is either untouched or can be finished, to the last bit."""
        try:
            assert isinstance(self.resume(Quick()), Applied)
            self.assert_finished()
        except NothingToResumeError:
            assert snapshot(self.root) in (self.before, self.after)

    def assert_undoes(self) -> None:
        """What is left can be taken back, to the last bit, unless it is untouched."""
        with suppress(NothingToUndoError):
            assert isinstance(self.undo(Quick()), Applied)
        self.assert_undone()


def face(tree: Snapshot, path: str) -> tuple[str, int, bytes] | None:
    """Return what one can see of a path, without its hard links."""
    entry = tree.get(path)
    return (entry.kind, entry.mode, entry.content) if entry else None
