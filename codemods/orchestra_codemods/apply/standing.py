"""Where a file stands between the two sides of a run. No other progress is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from orchestra_codemods.apply.record import FileState, FileStep, Record
from orchestra_codemods.apply.torn import is_torn
from orchestra_codemods.apply.tree import NotAFileError, Tree, read_all
from orchestra_codemods.source import digest_of


class Direction(Enum):
    """The side of a run that the tree is brought to."""

    FORWARD = auto()
    BACKWARD = auto()


class Standing(Enum):
    """Not begun, done, half written in place, or written by somebody else."""

    SOURCE = auto()
    TARGET = auto()
    TORN = auto()
    ELSEWHERE = auto()


@dataclass(frozen=True, slots=True)
class Move:
    """One file on its way, in one direction; ``temporary`` is the name of its staged content."""

    step: FileStep
    source: FileState | None
    target: FileState | None
    temporary: str

    @property
    def is_staged(self) -> bool:
        """Whether a new file takes the place of the old one."""
        return self.target is not None and not self.step.in_place

    @property
    def order(self) -> int:
        """New names come first and old ones go last: a reader in between finds what it imports."""
        return 0 if self.source is None else 2 if self.target is None else 1


def moves(record: Record, direction: Direction) -> list[Move]:
    """Return what a run moves, in this direction."""
    found: list[Move] = []
    for index, step in enumerate(record.steps):
        sides = (step.before, step.after)
        source, target = sides if direction is Direction.FORWARD else reversed(sides)
        found.append(Move(step, source, target, f".orchestra-{record.id}-{index}"))
    return found


def standing(tree: Tree, move: Move, contents: Mapping[str, bytes]) -> Standing:
    """Look where a file stands. OSError is passed on, but not for a file that is not there."""
    try:
        with tree.file(move.step.real) as descriptor:
            return standing_of(descriptor, move, contents)
    except FileNotFoundError:
        return _absent(move)
    except (NotAFileError, NotADirectoryError):
        return Standing.ELSEWHERE


def standing_of(descriptor: int, move: Move, contents: Mapping[str, bytes]) -> Standing:
    """Tell where an open file stands."""
    content = read_all(descriptor)
    digest = digest_of(content)
    if move.target is not None and digest == move.target.digest:
        return Standing.TARGET
    if move.source is not None and digest == move.source.digest:
        return Standing.SOURCE
    return Standing.TORN if _is_torn(content, move, contents) else Standing.ELSEWHERE


def _is_torn(content: bytes, move: Move, contents: Mapping[str, bytes]) -> bool:
    if not move.step.in_place or move.source is None or move.target is None:
        return False
    return is_torn(content, contents[move.source.digest], contents[move.target.digest])


def _absent(move: Move) -> Standing:
    if move.target is None:
        return Standing.TARGET
    return Standing.SOURCE if move.source is None else Standing.ELSEWHERE
