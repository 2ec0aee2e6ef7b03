"""A copy of a project that may be run, written into and thrown away."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestra_codemods.change import Change

_LEFT_OUT = frozenset(
    {".git", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".tox", ".nox"}
)
"""What is neither copied nor watched: history, and what tools make anew."""

State = Mapping[str, tuple[int, int]]
"""Size and time of change of each file, by path."""


@contextmanager
def scratch_copy(root: Path, changes: Iterable[Change] = ()) -> Iterator[Path]:
    """Copy a project into a folder of its own, with changes made, and remove it afterwards.

    Links that lead into the project lead into the copy; environments are linked, not copied, since they
    hold absolute paths. Files that cannot be read are left out.
    """
    folder = Path(tempfile.mkdtemp(prefix="orchestra-")).resolve()
    try:
        copy = folder / root.name
        _copy_folder(root, copy, root.resolve(), copy)
        for change in changes:
            _make(copy, change)
        yield copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def state_of(root: Path) -> State:
    """Return size and time of every file of a project, to see whether something writes into it."""
    found: dict[str, tuple[int, int]] = {}
    waiting = [root]
    while waiting:
        for entry in _entries(waiting.pop()):
            if entry.is_dir(follow_symlinks=False):
                if not is_environment(entry.path):
                    waiting.append(Path(entry.path))
            else:
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    path = Path(entry.path).relative_to(root).as_posix()
                    found[path] = (status.st_size, status.st_mtime_ns)
    return found


def is_environment(folder: str) -> bool:
    """Tell whether a folder is an environment of installed packages (PEP 405, conda, npm)."""
    marks = ("pyvenv.cfg", "conda-meta")
    return folder.endswith("/node_modules") or any(Path(folder, mark).exists() for mark in marks)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as scanned:
            return [entry for entry in scanned if entry.name not in _LEFT_OUT]
    except OSError:
        return []


def _copy_folder(source: Path, target: Path, root: Path, copy: Path) -> None:
    target.mkdir()
    for entry in _entries(source):
        to = target / entry.name
        if entry.is_symlink():
            to.symlink_to(_led_to(Path(entry.path), root, copy))
        elif entry.is_dir():
            if is_environment(entry.path):
                to.symlink_to(entry.path)
            else:
                _copy_folder(Path(entry.path), to, root, copy)
        elif entry.is_file():
            with suppress(OSError):
                shutil.copy2(entry.path, to)


def _led_to(link: Path, root: Path, copy: Path) -> Path:
    """Return where a link of the copy leads: to the copy's own file where the link's is in the project."""
    end = Path(os.path.normpath(link.parent.resolve() / link.readlink()))
    return copy / end.relative_to(root) if end.is_relative_to(root) else end


def _make(copy: Path, change: Change) -> None:
    """Make one change, in files of the copy's own whatever they were before."""
    if change.before is not None and (change.after is None or change.after.path != change.before.path):
        (copy / change.before.path).unlink(missing_ok=True)
    if change.after is not None:
        file = copy / change.after.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_symlink():
            file.unlink()
        file.write_bytes(change.after.data)
