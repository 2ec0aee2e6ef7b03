"""Giving a file its new content: one system call for each, after a last look at what is there."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from orchestra_codemods.apply.errors import ChangedMeanwhileError
from orchestra_codemods.apply.standing import Move, Standing, standing, standing_of
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.torn import PAGE
from orchestra_codemods.apply.tree import NotAFileError, Tree

_NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def switch(tree: Tree, move: Move, contents: Mapping[str, bytes], system: System) -> None:
    """Bring one file to its target, or see that it is there.

    Raises ChangedMeanwhileError where somebody else wrote it; OSError is passed on.
    """
    if move.source is None:
        _switch_absent(tree, move, contents, system)
        return
    access = os.O_RDWR if move.step.in_place else os.O_RDONLY
    try:
        with (
            tree.parent(move.step.real) as (directory, name),
            tree.file(move.step.real, access) as descriptor,
        ):
            found = standing_of(descriptor, move, contents)
            if found is Standing.TARGET:
                return
            if found is Standing.ELSEWHERE:
                raise ChangedMeanwhileError.at(move.step.path)
            if move.target is None:
                system.unlink(name, directory)
            elif move.step.in_place:
                _write_in_place(descriptor, contents[move.target.digest], system)
            else:
                system.replace(move.temporary, name, directory)
    except FileNotFoundError:
        if move.target is not None:
            raise ChangedMeanwhileError.at(move.step.path) from None
    except (NotAFileError, NotADirectoryError):
        raise ChangedMeanwhileError.at(move.step.path) from None


def _write_in_place(descriptor: int, content: bytes, system: System) -> None:
    """Write page by page, so that what an interruption leaves can be recognised (`torn`)."""
    for start in range(0, len(content), PAGE):
        system.write(descriptor, content[start : start + PAGE], start)
    system.truncate(descriptor, len(content))
    system.sync(descriptor)


def _switch_absent(tree: Tree, move: Move, contents: Mapping[str, bytes], system: System) -> None:
    found = standing(tree, move, contents)
    if found is Standing.TARGET:
        return
    if found is not Standing.SOURCE:
        raise ChangedMeanwhileError.at(move.step.path)
    with tree.parent(move.step.real) as (directory, name):
        try:
            system.link(move.temporary, name, directory)
        except FileExistsError:
            raise ChangedMeanwhileError.at(move.step.path) from None
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            # No other call refuses to overwrite; here the look above has to be enough.
            system.replace(move.temporary, name, directory)
        else:
            system.unlink(move.temporary, directory)
