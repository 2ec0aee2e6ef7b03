"""The project as it was where the branch began: for findings that the branch added."""

from __future__ import annotations

import subprocess
from pathlib import Path

from orchestra_cli.errors import GitFailedError, InvalidValueError
from orchestra_codemods.change import Change
from orchestra_codemods.project import Project
from orchestra_codemods.source import Source, SourceError


def at_revision(project: Project, revision: str) -> Project:
    """Return the project at the merge base of a revision and HEAD. Raises InvalidValueError and
    GitFailedError.
    """
    if revision.startswith("-"):
        raise InvalidValueError(f"`{revision}` is no revision", hint="Name a branch, a tag or a commit.")
    base = _git(project.root, "merge-base", revision, "HEAD").decode().strip()
    listed = _git(project.root, "diff", "--name-status", "--no-renames", "--relative", "-z", base).split(
        b"\0"
    )
    untracked = _git(project.root, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    changes = [
        _restored(project, base, status.decode(), path.decode("utf-8", "surrogateescape"))
        for status, path in zip(listed[::2], listed[1::2], strict=False)
    ]
    changes += [
        _restored(project, base, "A", path.decode("utf-8", "surrogateescape")) for path in untracked if path
    ]
    return project.updated([change for change in changes if change is not None])


def _restored(project: Project, base: str, status: str, path: str) -> Change | None:
    try:
        after = project.sources.get(path)
        before = None
        if status != "A":
            before = Source.from_bytes(path, _git(project.root, "show", f"{base}:./{path}"))
    except (SourceError, OSError):
        return None
    return None if after is None and before is None else Change(after, before, "as it was")


def _git(root: Path, *arguments: str) -> bytes:
    answer = subprocess.run(
        ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments],
        cwd=root,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if answer.returncode:
        said = answer.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        hint = "Fetch the revision first: a shallow clone does not have it (fetch-depth: 0)."
        raise GitFailedError(f"git {arguments[0]} failed: {said or 'no common commit'}", hint=hint)
    return answer.stdout
