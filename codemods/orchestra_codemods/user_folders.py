"""Where a user's own files are kept outside of every project: caches, and state that outlives a run.

By the XDG base directory specification (https://specifications.freedesktop.org/basedir-spec/latest/), whose
variables count on every system; where they say nothing, by the system's own custom. The library for this
imports tempfile, shutil and random on the way, which is a fifteenth of what `orchestra new` costs.
"""

from __future__ import annotations

import os
import sys

NAME = "orchestra"


def cache_folder() -> str:
    """Return the folder for what can be made again, which may not exist yet."""
    return _named("XDG_CACHE_HOME") or _own("Library/Caches", "LOCALAPPDATA", ".cache")


def state_folder() -> str:
    """Return the folder for what must not be lost, which may not exist yet."""
    return _named("XDG_STATE_HOME") or _own("Library/Application Support", "LOCALAPPDATA", ".local/state")


def _named(variable: str) -> str | None:
    """Return the folder that a variable names; a relative path counts for nothing, as the standard says."""
    folder = os.environ.get(variable, "")
    return os.path.join(folder, NAME) if os.path.isabs(folder) else None


def _own(mac: str, windows: str, others: str) -> str:
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, mac, NAME)
    if sys.platform == "win32":
        return os.path.join(os.environ.get(windows, home), NAME)
    return os.path.join(home, others, NAME)
