"""Writing new contents beside their targets: all that needs space or may be forbidden, before any switch."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from orchestra_codemods.apply.paths import parent_of
from orchestra_codemods.apply.record import FileState
from orchestra_codemods.apply.standing import Move
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import Tree

_NEW_FILE_MODE = 0o666
_PRIVATE_MODE = 0o600


def stage(tree: Tree, move: Move, content: bytes, system: System) -> None:
    """Write the content of a move into its temporary file, with the metadata that it will have."""
    assert move.target is not None
    tree.make_directories(parent_of(move.step.real), system)
    with tree.parent(move.step.real) as (directory, name):
        # The umask, or the directory's default, decides about a file that never existed.
        mode = _NEW_FILE_MODE if move.target.mode is None else _PRIVATE_MODE
        descriptor = system.create(move.temporary, directory, mode)
        try:
            system.write(descriptor, content)
            _give_owner(descriptor, move, system)
            _give_metadata(descriptor, move.target, system)
            _outdate_bytecode(descriptor, name, directory, system)
            system.sync(descriptor)
        finally:
            os.close(descriptor)


def unstage(tree: Tree, move: Move, system: System) -> None:
    """Remove the temporary file that an attempt, perhaps a killed one, has left."""
    with (
        suppress(FileNotFoundError, NotADirectoryError),
        tree.parent(move.step.real) as (directory, _),
    ):
        os.stat(move.temporary, dir_fd=directory, follow_symlinks=False)
        system.unlink(move.temporary, directory)


def _give_owner(descriptor: int, move: Move, system: System) -> None:
    state = move.target
    if state is None or state.user is None or state.group is None:
        return
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) == (state.user, state.group):
        return
    try:
        system.change_owner(descriptor, state.user, state.group)
    except PermissionError:
        # A file that comes back belongs to whoever brings it back; one that is there keeps its owner.
        if move.source is not None:
            raise


def _give_metadata(descriptor: int, state: FileState, system: System) -> None:
    if state.mode is not None:
        system.change_mode(descriptor, state.mode)
    for name, value in state.attributes:
        system.set_attribute(descriptor, name, bytes.fromhex(value))


def _outdate_bytecode(descriptor: int, name: str, directory: int, system: System) -> None:
    """Date a file later than the one that it replaces.

    Python takes compiled code for current when whole seconds and size are the same, so that two versions of
    equal length within one second would run the older one.
    """
    with suppress(FileNotFoundError):
        old = os.stat(name, dir_fd=directory, follow_symlinks=False)
        if int(time.time()) <= int(old.st_mtime) and old.st_size == os.fstat(descriptor).st_size:
            system.set_time(descriptor, int(old.st_mtime) + 1)
