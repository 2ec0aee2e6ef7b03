"""A directory to work in: everything below it is opened part by part, without following links."""

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from orchestra_codemods.apply.errors import PlatformError, RootError
from orchestra_codemods.apply.paths import ancestors_of, name_of, parent_of
from orchestra_codemods.apply.system import System

# Windows has none of these; there `Tree` says so, and importing this must not fail.
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | NO_LINK
# Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
READ_FILE = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK
_MOST_LINKS = 40


class OutsideRootError(Exception):
    """A symbolic link leads out of the root, or in a circle."""


class NotAFileError(Exception):
    """What has the name is a directory, a link, a pipe or the like."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A regular file as it was found."""

    content: bytes
    status: os.stat_result
    attributes: tuple[tuple[str, bytes], ...]


class Tree:
    """A root that is held open. Paths are relative to it, with forward slashes; ``""`` is the root itself."""

    def __init__(self, root: Path) -> None:
        if os.open not in os.supports_dir_fd:
            raise PlatformError.missing()
        self.root = Path(os.path.realpath(root))
        try:
            self._descriptor = os.open(self.root, _DIRECTORY)
        except OSError as error:
            raise RootError.at(root, error.strerror or str(error)) from error

    @classmethod
    @contextmanager
    def above(cls, path: Path) -> Iterator[tuple[Tree, str]]:
        """Open the nearest existing directory at or above ``path``; yield it with the rest of the path."""
        anchor = path
        while not anchor.is_dir() and anchor != anchor.parent:
            anchor = anchor.parent
        with cls(anchor) as tree:
            yield tree, "/".join(path.relative_to(anchor).parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    @contextmanager
    def directory(self, path: str) -> Iterator[int]:
        """Open a directory below the root; OSError where a part is missing, a file or a link."""
        descriptor = os.dup(self._descriptor)
        try:
            for part in path.split("/") if path else ():
                below = os.open(part, _DIRECTORY, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def parent(self, path: str) -> Iterator[tuple[int, str]]:
        """Open the directory of a path; yield it with the name in it."""
        with self.directory(parent_of(path)) as directory:
            yield directory, name_of(path)

    @contextmanager
    def file(self, path: str, access: int = os.O_RDONLY) -> Iterator[int]:
        """Open a regular file; NotAFileError for anything else that has the name."""
        with self.parent(path) as (directory, name):
            try:
                descriptor = os.open(name, access | READ_FILE, dir_fd=directory)
            except OSError as error:
                # A link (ELOOP, EMLINK on some systems), a directory, a pipe or socket without a partner.
                if error.errno in (errno.ELOOP, errno.EMLINK, errno.EISDIR, errno.ENXIO):
                    raise NotAFileError(path) from error
                raise
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise NotAFileError(path)
            yield descriptor
        finally:
            os.close(descriptor)

    def observe(self, path: str) -> Observed | None:
        """Read a file with what belongs to it; None where neither it nor, perhaps, its directory exists."""
        try:
            with self.file(path) as descriptor:
                return Observed(read_all(descriptor), os.fstat(descriptor), _attributes(descriptor))
        except FileNotFoundError:
            return None

    def exists(self, path: str) -> bool:
        """Tell whether anything has the name, a broken link included."""
        try:
            with self.parent(path) as (directory, name):
                os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def names(self, path: str) -> list[str]:
        """List a directory; empty where it does not exist."""
        try:
            with self.directory(path) as directory:
                return os.listdir(directory)
        except FileNotFoundError:
            return []

    def resolve(self, path: str) -> str:
        """Return the path without links, each of which must stay below the root.

        Raises OutsideRootError. What does not exist is taken to be no link.
        """
        waiting = deque(path.split("/"))
        done: list[str] = []
        links = 0
        while waiting:
            part = waiting.popleft()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    raise OutsideRootError(path)
                done.pop()
                continue
            target = self._link_target("/".join((*done, part)))
            if target is None:
                done.append(part)
                continue
            links += 1
            if links > _MOST_LINKS:
                raise OutsideRootError(path)
            if target.startswith("/"):
                target, done = self._below_root(path, target), []
            waiting.extendleft(reversed(target.split("/")))
        return "/".join(done)

    def make_directories(self, path: str, system: System, mode: int = 0o777) -> None:
        """Make a directory and what is missing above it."""
        for each in (*ancestors_of(path), path) if path else ():
            with self.parent(each) as (directory, name), suppress(FileExistsError):
                if name not in os.listdir(directory):
                    system.make_directory(name, directory, mode)
                    system.sync(directory)

    def _link_target(self, path: str) -> str | None:
        try:
            with self.parent(path) as (directory, name):
                return os.readlink(name, dir_fd=directory)
        except OSError:
            return None

    def _below_root(self, path: str, target: str) -> str:
        try:
            return Path(target).relative_to(self.root).as_posix()
        except ValueError:
            raise OutsideRootError(path) from None


def read_all(descriptor: int) -> bytes:
    """Read an open file from its beginning, wherever it was read before."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, "rb", closefd=False) as file:
        return file.read()


def _attributes(descriptor: int) -> tuple[tuple[str, bytes], ...]:
    if not hasattr(os, "listxattr"):
        return ()
    try:
        names = os.listxattr(descriptor)
    except OSError:
        return ()
    kept = sorted(name for name in names if name.startswith("user.") or name == "system.posix_acl_access")
    return tuple((name, os.getxattr(descriptor, name)) for name in kept)
