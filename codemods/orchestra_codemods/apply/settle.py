"""Bring the tree to one side of a run, from whatever mixture of both sides it is in.

Applying, finishing an interrupted run and taking it back are the same work. First everything that needs space
is staged in temporary files beside their targets, where failing is harmless; then names are switched, one
system call a file. Nothing is remembered between attempts but the journal: what is done is seen in the tree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress

from orchestra_codemods.apply.directories import remove_empty
from orchestra_codemods.apply.paths import parent_of
from orchestra_codemods.apply.reasons import Reason, refusal
from orchestra_codemods.apply.record import Record
from orchestra_codemods.apply.staging import stage, unstage
from orchestra_codemods.apply.standing import Direction, Standing, moves, standing
from orchestra_codemods.apply.switching import switch
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree
from orchestra_codemods.change import Refusal


class Settlement:
    """One attempt to bring the files of a run to one side. Files in ``keep`` stay as they are.

    ``current`` is the file at which the attempt is.
    """

    def __init__(
        self,
        tree: Tree,
        record: Record,
        contents: Mapping[str, bytes],
        system: System,
        *,
        direction: Direction = Direction.FORWARD,
        keep: Collection[str] = (),
    ) -> None:
        self._tree, self._record, self._contents, self._system = tree, record, contents, system
        self._obsolete = record.removed if direction is Direction.FORWARD else record.made
        self._all = moves(record, direction)
        self._moves = [move for move in self._all if not {move.step.path, move.step.real} & set(keep)]
        self.current = ""

    def refusals(self) -> tuple[Refusal, ...]:
        """Return why this cannot be done: the files which are on neither side."""
        found: list[Refusal] = []
        for move in self._moves:
            try:
                where = standing(self._tree, move, self._contents)
            except OSError as error:
                found.append(refusal(Reason.CANNOT_READ, move.step.path, error.strerror or str(error)))
            else:
                if where is Standing.ELSEWHERE:
                    found.append(refusal(Reason.NEITHER_SIDE, move.step.path))
        return tuple(found)

    def reached(self) -> tuple[str, ...]:
        """Name the files that are on the wanted side already, as far as they can be read."""
        found: list[str] = []
        for move in self._moves:
            with suppress(OSError):
                if standing(self._tree, move, self._contents) is Standing.TARGET:
                    found.append(move.step.path)
        return tuple(found)

    def clear(self) -> None:
        """Remove what an attempt has staged."""
        for move in self._all:
            unstage(self._tree, move, self._system)

    def stage(self) -> None:
        """Write the new contents beside their targets. OSError is passed on; no target is touched."""
        for move in self._moves:
            self.current = move.step.path
            if move.is_staged and standing(self._tree, move, self._contents) is not Standing.TARGET:
                assert move.target is not None
                stage(self._tree, move, self._contents[move.target.digest], self._system)

    def commit(self) -> None:
        """Switch every file, and wait until all of it is on the disk.

        Raises ChangedMeanwhileError where somebody else wrote a file; OSError is passed on.
        """
        for move in sorted(self._moves, key=lambda move: move.order):
            self.current = move.step.path
            switch(self._tree, move, self._contents, self._system)
        self.current = ""
        remove_empty(self._tree, self._obsolete, self._system)
        for path in sorted({parent_of(path) for path in self._touched()}):
            with suppress(FileNotFoundError), self._tree.directory(path) as directory:
                self._system.sync(directory)

    def abandon(self) -> None:
        """Remove all that `stage` has made."""
        self.clear()
        remove_empty(self._tree, self._record.made, self._system)

    def _touched(self) -> list[str]:
        return [*(move.step.real for move in self._moves), *self._obsolete]
