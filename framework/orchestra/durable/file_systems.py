"""Which file system a path is on: SQLite's locks do not hold on network ones."""

from __future__ import annotations

import re
from pathlib import Path

NETWORK = frozenset(
    {
        "afpfs", "afs", "beegfs", "ceph", "cifs", "fuse.ceph", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
        "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb2", "smb3", "smbfs",
    }
)  # fmt: skip


def network_file_system_of(path: Path, mounts: str | None = None) -> str | None:
    """Return the name of the network file system that a path is on; None for local disks and where it cannot
    be told.

    ``mounts`` is the text of the system's table of mounts, which is read when left out.
    """
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return None
    real = path.resolve()
    depth, found = -1, None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        folder = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        if len(folder.parts) >= depth and real.is_relative_to(folder):
            depth, found = len(folder.parts), fields[2]
    return found if found in NETWORK else None
