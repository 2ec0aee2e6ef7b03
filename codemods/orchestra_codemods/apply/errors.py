"""What can be wrong with a run as a whole, with codes. What concerns single files is in ``reasons``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestra.errors import OrchestraError

_FINISH_OR_UNDO = "`orchestra resume` finishes it, `orchestra undo` takes it back."


class ApplyError(OrchestraError):
    """Writing, or taking back, cannot be done at all."""

    code = "cannot-apply"


class RootError(ApplyError):
    """The root of the project is not a directory that can be opened."""

    code = "root-not-usable"

    @classmethod
    def at(cls, root: Path, why: str) -> RootError:
        """Say why ``root`` is of no use."""
        return cls(
            f"{root} cannot be used as a project: {why}", hint="Name a directory that is yours.", root=root
        )


class PlatformError(ApplyError):
    """This operating system has no descriptor-relative calls, without which writing is not safe."""

    code = "platform-not-supported"

    @classmethod
    def missing(cls) -> PlatformError:
        """Say what is missing."""
        return cls(
            "this system cannot open files relative to a directory",
            hint="Run the command on Linux or macOS (on Windows: in WSL).",
        )


class RunInProgressError(ApplyError):
    """Another process is writing into the same project."""

    code = "run-in-progress"
    holder: str

    @classmethod
    def held_by(cls, holder: str) -> RunInProgressError:
        """Name the process that holds the lock."""
        return cls(
            f"another run is writing here: {holder}",
            hint="Wait until it has ended, then run this command again.",
            holder=holder,
        )


class UnfinishedRunError(ApplyError):
    """An earlier run was interrupted and comes first."""

    code = "unfinished-run"
    id: str

    @classmethod
    def named(cls, run_id: str, command: str) -> UnfinishedRunError:
        """Name the run and the command that was interrupted."""
        return cls(f"run {run_id} ({command}) was interrupted", hint=_FINISH_OR_UNDO, id=run_id)


class NothingToUndoError(ApplyError):
    """No run of this project is left that could be taken back."""

    code = "nothing-to-undo"

    @classmethod
    def here(cls) -> NothingToUndoError:
        """Say that the journal has no such run."""
        return cls("there is no run to undo", hint="`orchestra history` lists the runs of this project.")


class NothingToResumeError(ApplyError):
    """No run of this project was interrupted."""

    code = "nothing-to-resume"

    @classmethod
    def here(cls) -> NothingToResumeError:
        """Say that every run was finished."""
        return cls("no run was interrupted", hint="`orchestra history` lists the runs of this project.")


class NoSuchRunError(ApplyError):
    """The journal has no run of that name, or more than one that begins so."""

    code = "no-such-run"

    @classmethod
    def named(cls, run_id: str, candidates: Sequence[str]) -> NoSuchRunError:
        """Name what was asked for and what it could have meant."""
        several = f"{run_id} could be {', '.join(candidates)}" if candidates else f"there is no run {run_id}"
        return cls(several, hint="`orchestra history` lists the runs of this project.", id=run_id)


class AlreadyUndoneError(ApplyError):
    """The run was taken back before."""

    code = "already-undone"

    @classmethod
    def named(cls, run_id: str, by: str | None) -> AlreadyUndoneError:
        """Name the run, and the one that took it back."""
        hint = f"`orchestra undo {by}` applies it again." if by else "Run its command again."
        return cls(f"run {run_id} was undone already", hint=hint, id=run_id)


class WriteFailedError(ApplyError):
    """The operating system refused a call in the middle of writing."""

    code = "write-failed"
    path: str
    reason: str

    @classmethod
    def because(cls, run_id: str, path: str, error: OSError) -> WriteFailedError:
        """Name the file at which writing stopped, and what the system said."""
        reason = error.strerror or str(error)
        return cls(
            f"run {run_id} stopped at {path or 'its journal'}: {reason}",
            hint=f"Remove the cause, then {_FINISH_OR_UNDO}",
            id=run_id,
            path=path,
            reason=reason,
        )


class ChangedMeanwhileError(ApplyError):
    """Somebody changed a file between the check of all files and the moment it was to be replaced."""

    code = "changed-meanwhile"
    path: str

    @classmethod
    def at(cls, path: str) -> ChangedMeanwhileError:
        """Name the file."""
        return cls(
            f"{path} was changed while the run was writing",
            hint="See that nothing else writes here, then `orchestra resume` or `orchestra undo`.",
            path=path,
        )


class JournalError(ApplyError):
    """A journal cannot be used."""

    code = "journal-not-usable"
    path: Path


class JournalNotWritableError(JournalError):
    """There is no place where a journal can be kept, so nothing may be written."""

    code = "journal-not-writable"

    @classmethod
    def at(cls, path: Path, why: str) -> JournalNotWritableError:
        """Name the place and what the system said."""
        return cls(
            f"the journal in {path} cannot be written: {why}",
            hint="Make it writable, or free some space. Nothing was changed.",
            path=path,
        )


class ForeignJournalError(JournalError):
    """A journal was not sealed with this user's key: it was shipped with an archive, copied or forged."""

    code = "journal-foreign"

    @classmethod
    def at(cls, path: Path) -> ForeignJournalError:
        """Name the journal."""
        return cls(
            f"the journal {path} was not written by you on this machine",
            hint="Delete that directory; or, when you know where it comes from, pass --trust-journal.",
            path=path,
        )


class OtherRootError(JournalError):
    """A journal belongs to another project, or the project was moved."""

    code = "journal-other-root"

    @classmethod
    def at(cls, path: Path, root: str) -> OtherRootError:
        """Name the journal and the root that it was written for."""
        return cls(
            f"the journal {path} was written for {root}",
            hint="Move the project back there, or delete that directory.",
            path=path,
            root=root,
        )


class JournalVersionError(JournalError):
    """A journal was written by another version of the product."""

    code = "journal-version"

    @classmethod
    def at(cls, path: Path, version: object) -> JournalVersionError:
        """Name the journal and its version."""
        return cls(
            f"the journal {path} has version {version!r}, which this version cannot read",
            hint="Use the version of orchestra that wrote it, or delete that directory.",
            path=path,
        )


class DamagedJournalError(JournalError):
    """A journal is truncated, or not what its digests say."""

    code = "journal-damaged"

    @classmethod
    def at(cls, path: Path, why: str) -> DamagedJournalError:
        """Name the journal and what is wrong with it."""
        return cls(
            f"the journal {path} is damaged: {why}",
            hint="Compare the tree with your last commit, then delete that directory.",
            path=path,
        )


class UnsafeJournalError(JournalError):
    """A journal names a path that it must not touch."""

    code = "journal-unsafe-path"

    @classmethod
    def at(cls, path: Path, why: str) -> UnsafeJournalError:
        """Name the journal and the path."""
        return cls(f"the journal {path} is refused: {why}", hint="Delete that directory.", path=path)


class PrivateKeyError(JournalError):
    """The key that seals journals cannot be used, or others can read it."""

    code = "journal-key-not-private"

    @classmethod
    def at(cls, path: Path, why: str) -> PrivateKeyError:
        """Name the key file."""
        return cls(
            f"the key {path} is not usable: {why}",
            hint="Make it yours alone (chmod 600), or delete it: older journals then count as foreign.",
            path=path,
        )


class Interrupted(KeyboardInterrupt):
    """Ctrl-C came while files were written. ``id`` names the run to resume or undo; None: nothing changed."""

    def __init__(self, run_id: str | None) -> None:
        left = f"run {run_id} is unfinished: {_FINISH_OR_UNDO}" if run_id else "nothing was changed"
        super().__init__(f"interrupted; {left}")
        self.id = run_id

    def __reduce__(self) -> tuple[type[Interrupted], tuple[str | None]]:
        return type(self), (self.id,)
