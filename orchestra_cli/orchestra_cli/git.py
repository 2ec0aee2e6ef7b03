"""What git says about files that are about to be edited."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from orchestra_cli.errors import GitFailedError

_PATHS_A_CALL = 500


def is_repository(root: Path) -> bool:
    """Tell whether ``root`` lies in a git working tree and git can be run."""
    return _place(root) is not None


def run_git(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, with ``given`` on its stdin; it starts no program of the repository's choice.

    Nothing is fetched from elsewhere either, as a partial clone would do. Raises FileNotFoundError where
    there is no git.
    """
    options = ("--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false")
    return subprocess.run(
        ["git", *options, *arguments],
        cwd=root,
        capture_output=True,
        check=False,
        input=given,
        env={**os.environ, "GIT_NO_LAZY_FETCH": "1"},
    )


def uncommitted(root: Path, paths: Sequence[str]) -> list[str] | None:
    """Return those of ``paths`` whose content git could not give back, in the order given.

    That is what differs from the last commit, and what git does not track or ignores. Paths are relative to
    ``root``. None where ``root`` lies in no working tree, or git cannot be run. Raises GitFailedError.
    """
    prefix = _place(root)
    if prefix is None:
        return None
    found = set(_reported(root, prefix, paths))
    return [path for path in paths if path in found]


def _place(root: Path) -> str | None:
    """Return the path of ``root`` inside its working tree, with a slash behind it; None where it has none."""
    try:
        answer = run_git(root, "rev-parse", "--is-inside-work-tree", "--show-prefix")
    except FileNotFoundError:
        return None
    inside, _, prefix = answer.stdout.decode("utf-8", "surrogateescape").partition("\n")
    return prefix.rstrip("\n") if answer.returncode == 0 and inside == "true" else None


def _reported(root: Path, prefix: str, paths: Sequence[str]) -> Iterator[str]:
    status = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignored=matching", "--no-renames")
    for start in range(0, len(paths), _PATHS_A_CALL):
        output = _checked(root, *status, "--", *paths[start : start + _PATHS_A_CALL])
        for entry in output.decode("utf-8", "surrogateescape").split("\0"):
            yield entry[3:].removeprefix(prefix)


def _checked(root: Path, *arguments: str) -> bytes:
    answer = run_git(root, *arguments)
    if answer.returncode:
        said = answer.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise GitFailedError(
            f"git {arguments[0]} failed in {root}: {said}",
            hint="Mend the repository, or pass --allow-dirty to go without git's word.",
        )
    return answer.stdout
