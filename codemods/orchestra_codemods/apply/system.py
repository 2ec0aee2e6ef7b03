"""Every call that changes the disk, in one class: the seam where tests kill the process or inject faults."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK

_LOCK_FILE = os.O_RDWR | os.O_CREAT | _NO_LINK


class System:
    """The mutating system calls. A test overrides :meth:`call`, through which each of them goes.

    All names are relative to an open directory, so that nobody can exchange a folder of the path for a link.
    """

    @staticmethod
    def free_space(path: os.PathLike[str]) -> int:
        """Return how many bytes can be written where ``path`` is."""
        status = os.statvfs(path)
        return status.f_bavail * status.f_frsize

    def call(
        self,
        name: str,  # noqa: ARG002 -- for whoever overrides this
        function: Callable[..., Result],
        *arguments: object,
        **named: object,
    ) -> Result:
        """Make one mutating call; ``name`` says which."""
        return function(*arguments, **named)

    def make_directory(self, name: str, directory: int, mode: int = 0o777) -> None:
        """Make a directory; ``mode`` is subject to the umask."""
        self.call("mkdir", os.mkdir, name, mode, dir_fd=directory)

    def remove_directory(self, name: str, directory: int) -> None:
        """Remove an empty directory."""
        self.call("rmdir", os.rmdir, name, dir_fd=directory)

    def create(self, name: str, directory: int, mode: int = 0o600) -> int:
        """Make a new file and return a descriptor to write it; FileExistsError where the name is taken."""
        return self.call("create", os.open, name, _NEW_FILE, mode, dir_fd=directory)

    def open_lock(self, name: str, directory: int) -> int:
        """Open a file to lock it, made where it is missing."""
        return self.call("open", os.open, name, _LOCK_FILE, 0o600, dir_fd=directory)

    def write(self, descriptor: int, data: bytes, offset: int = 0) -> None:
        """Write all of ``data`` at ``offset``, in as many calls as it takes."""
        view = memoryview(data)
        while view:
            written = self.call("write", os.pwrite, descriptor, view, offset)
            view, offset = view[written:], offset + written

    def truncate(self, descriptor: int, length: int) -> None:
        """Cut the file off at ``length``."""
        self.call("truncate", os.ftruncate, descriptor, length)

    def change_mode(self, descriptor: int, mode: int) -> None:
        """Set the permission bits."""
        self.call("chmod", os.fchmod, descriptor, mode)

    def change_owner(self, descriptor: int, user: int, group: int) -> None:
        """Set owner and group."""
        self.call("chown", os.fchown, descriptor, user, group)

    def set_attribute(self, descriptor: int, name: str, value: bytes) -> None:
        """Set an extended attribute."""
        self.call("setxattr", os.setxattr, descriptor, name, value)

    def set_time(self, descriptor: int, seconds: int) -> None:
        """Set the time of access and modification."""
        self.call("utime", os.utime, descriptor, (seconds, seconds))

    def sync(self, descriptor: int) -> None:
        """Wait until a file or directory is on the disk."""
        self.call("fsync", os.fsync, descriptor)

    def replace(self, name: str, target: str, directory: int) -> None:
        """Give a file another name in its directory, taking the place of what has that name."""
        self.call("replace", os.replace, name, target, src_dir_fd=directory, dst_dir_fd=directory)

    def link(self, name: str, target: str, directory: int) -> None:
        """Give a file a second name; FileExistsError where the name is taken."""
        self.call(
            "link",
            os.link,
            name,
            target,
            src_dir_fd=directory,
            dst_dir_fd=directory,
            follow_symlinks=False,
        )

    def unlink(self, name: str, directory: int) -> None:
        """Remove a name."""
        self.call("unlink", os.unlink, name, dir_fd=directory)
