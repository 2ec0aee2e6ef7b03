"""Taking a run back under somebody's later edits, by git's three-way merge."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from orchestra_codemods.apply.beside import without_insertions

_LONGEST_MERGE_SECONDS = 60


class GitMissingError(Exception):
    """There is no git to merge with."""


class MergeConflictError(Exception):
    """The edits touch what would be taken back."""


def three_way(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """Return ``ours`` with the way from ``base`` to ``theirs`` applied.

    Raises MergeConflictError and GitMissingError.
    """
    if ours in (base, theirs):
        return theirs
    if base == theirs:
        return ours
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(prefix="orchestra-merge-") as directory:
        names = ("ours", "base", "theirs")
        for name, content in zip(names, (ours, base, theirs), strict=True):
            (Path(directory) / name).write_bytes(content)
        try:
            done = subprocess.run(
                ["git", "merge-file", "--stdout", "--quiet", *names],
                cwd=directory,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_LONGEST_MERGE_SECONDS,
                check=False,
            )
        except FileNotFoundError:
            raise GitMissingError from None
        except subprocess.TimeoutExpired:
            raise MergeConflictError from None
    if done.returncode == 0:
        return done.stdout
    beside = without_insertions(base, ours, theirs)
    if beside is None:
        raise MergeConflictError
    return beside


def problem_of_python(path: str, content: bytes) -> str | None:
    """Return why the content is not valid Python, or None; other files are not judged."""
    if not path.endswith((".py", ".pyi")):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(content, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return str(error)
    return None


def _environment() -> dict[str, str]:
    """The environment without what would send git to another repository or configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
