"""One git commit for each step of a migration, on a branch where that can do no harm."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestra.errors import OrchestraError
from orchestra_cli.errors import UsageError
from orchestra_codemods.change import Change, Kind

_IN_PROGRESS = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisection",
}


class NotCommittableError(UsageError):
    """`--commit` cannot commit here: there is no repository or no first commit, or something is in the way.

    That is a merge or rebase in progress, a HEAD that is on no branch, or changes of your own, which would
    end up in the same commits. Nothing was changed.
    """

    code = "not-committable"


class CommitFailedError(OrchestraError):
    """git did not make a commit, most often because a hook refused it; its own words are above.

    The change is written and not staged. Mend what the hook complains of, commit it, and run the command
    again for the rest; or take it back with `orchestra undo`. Earlier commits stay.
    """

    code = "commit-failed"
    said: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that was made; ``run`` names the journal entry of its files."""

    id: str
    subject: str
    names: tuple[str, ...]
    files: int
    run: str


def require_committable(root: Path) -> None:
    """Raise NotCommittableError where commits cannot be made, or should not be."""
    inside = _git(root, "rev-parse", "--is-inside-work-tree")
    if inside.stdout.strip() != "true":
        said = inside.stderr.strip().partition("\n")[0].removeprefix("fatal: ")
        raise _not(said or "this is no working tree", "`git init` makes a repository; or leave --commit out.")
    if _git(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        raise _not("the branch has no commit yet", "Make the first commit, and run this again.")
    for name, what in _IN_PROGRESS.items():
        path = _git(root, "rev-parse", "--git-path", name).stdout.rstrip("\n")
        if (root / path).exists():
            raise _not(f"{what} is in progress", "Finish it or give it up first; `git status` says how.")
    if _git(root, "symbolic-ref", "--quiet", "HEAD").returncode:
        raise _not("HEAD is on no branch", "`git switch -c NAME` makes one; else the commits would get lost.")
    changed = _git(root, "status", "--porcelain=v1", "-z", "--untracked-files=no").stdout
    if changed:
        first = changed.split("\0")[0][3:]
        raise _not(f"there are uncommitted changes, in {first}", "Commit or stash them first.")
    if _git(root, "var", "GIT_COMMITTER_IDENT").returncode:
        raise _not("git does not know who commits", "Set user.name and user.email with `git config`.")


def commit(root: Path, changes: Iterable[Change], message: Sequence[str], *options: str) -> str:
    """Commit exactly the files of some changes; return the id. Hooks run as for any commit.

    Raises CommitFailedError; then the files are written and nothing of them is staged.
    """
    paths = _paths(root, changes)
    given = "\0".join(paths)
    staged = _git(root, "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul", given=given)
    paragraphs = [part for text in message for part in ("--message", text)]
    done = _git(root, "commit", "--quiet", *options, *paragraphs) if not staged.returncode else staged
    if done.returncode:
        _git(root, "reset", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul", given=given)
        said = (done.stdout + done.stderr).strip()
        raise CommitFailedError(f"git did not commit `{message[0]}`", hint="", said=said)
    return _git(root, "rev-parse", "HEAD").stdout.strip()


def _paths(root: Path, changes: Iterable[Change]) -> list[str]:
    """Return the files that changed, without those that git is told to ignore."""
    found: dict[str, None] = {}
    for change in changes:
        found[change.path] = None
        if change.kind is Kind.RENAME and change.before is not None:
            found[change.before.path] = None
    ignored = _git(root, "check-ignore", "-z", "--stdin", given="\0".join(found)).stdout.split("\0")
    return [path for path in found if path not in ignored]


def _git(root: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", "-c", "core.fsmonitor=false", *arguments],
            cwd=root,
            input=given,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="surrogateescape",
        )
    except FileNotFoundError:
        raise _not("git cannot be run", "Install git, or leave --commit out.") from None


def _not(why: str, hint: str) -> NotCommittableError:
    return NotCommittableError(f"--commit cannot commit: {why}", hint=hint)
