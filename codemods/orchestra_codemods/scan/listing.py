"""List the files below a folder: by git where there is one, else by walking, never through a link."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestra_codemods.change import Skipped

_NEVER = frozenset((".git", ".hg", ".svn", "__pycache__", "node_modules", "site-packages", ".venv", "venv"))
_UNLESS_TRACKED = frozenset(("build", "dist", "env", ".tox", ".nox", ".eggs", "htmlcov"))
_GIT_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Listed:
    """A path relative to the folder; ``is_tracked`` when git has it."""

    path: str
    is_tracked: bool = False


def list_files(root: Path, report: Callable[[Skipped], None]) -> Iterator[Listed]:
    """Yield every file that is not ignored, in no particular order. ``report`` gets what cannot be listed."""
    listed = _by_git(root)
    if listed is None:
        yield from _walk(root, "", report)
        return
    for entry in listed:
        if is_wanted(entry):
            if entry.path.endswith("/"):  # a repository inside the repository
                yield from _walk(root, entry.path.rstrip("/"), report)
            else:
                yield entry


def is_wanted(entry: Listed) -> bool:
    """Tell whether a path is in no folder that holds caches, environments or other people's code."""
    folders = entry.path.split("/")[:-1]
    if not _NEVER.isdisjoint(folders):
        return False
    return entry.is_tracked or not any(each in _UNLESS_TRACKED or each.startswith(".") for each in folders)


def _by_git(root: Path) -> list[Listed] | None:
    # -t marks untracked files with `?`; a command that the repository's own settings name must not run
    command = ["git", "-c", "core.fsmonitor=false", "ls-files", "-co", "--exclude-standard", "-t", "-z"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, timeout=_GIT_TIMEOUT, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    entries = (os.fsdecode(entry) for entry in done.stdout.split(b"\0") if entry)
    # Git lists nothing where the repository around the folder ignores it: then the folder is not git's.
    return [Listed(entry[2:], entry[0] != "?") for entry in dict.fromkeys(entries)] or None


def _walk(root: Path, below: str, report: Callable[[Skipped], None]) -> Iterator[Listed]:
    waiting = [below]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            report(Skipped(folder or ".", f"the folder cannot be read: {error.strerror or error}"))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield Listed(path)
            elif _is_own_folder(entry):
                waiting.append(path)


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    if entry.name in _NEVER or entry.name.startswith("."):
        return False
    is_package = os.path.exists(os.path.join(entry.path, "__init__.py"))  # noqa: PTH110, PTH118
    return entry.name not in _UNLESS_TRACKED or is_package
