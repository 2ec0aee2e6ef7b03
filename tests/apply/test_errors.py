"""Every error and every refusal has a code of its own and says what to do; errors survive pickling."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from orchestra_codemods.apply import ApplyError, Interrupted, errors, history
from orchestra_codemods.apply.reasons import Reason, refusal

_ID = "20261122-201455-3fa9c1"
_PATH = Path("/project/.git/orchestra")

EXAMPLES: list[ApplyError] = [
    errors.RootError.at(_PATH, "Not a directory"),
    errors.PlatformError.missing(),
    errors.RunInProgressError.held_by("process 1"),
    errors.UnfinishedRunError.named(_ID, "orchestra migrate"),
    errors.NothingToUndoError.here(),
    errors.NothingToResumeError.here(),
    errors.NoSuchRunError.named(_ID, []),
    errors.AlreadyUndoneError.named(_ID, None),
    errors.WriteFailedError.because(_ID, "a.py", OSError(28, "No space left on device")),
    errors.ChangedMeanwhileError.at("a.py"),
    errors.JournalNotWritableError.at(_PATH, "Read-only file system"),
    errors.ForeignJournalError.at(_PATH),
    errors.OtherRootError.at(_PATH, "/elsewhere"),
    errors.JournalVersionError.at(_PATH, 2),
    errors.DamagedJournalError.at(_PATH, "it is empty"),
    errors.UnsafeJournalError.at(_PATH, "'../a' leads out"),
    errors.PrivateKeyError.at(_PATH, "others can read it"),
]


def _kinds(kind: type[ApplyError]) -> set[type[ApplyError]]:
    return {kind}.union(*(_kinds(below) for below in kind.__subclasses__()))


def test_every_kind_of_error_has_an_example_here() -> None:
    assert {type(error) for error in EXAMPLES} == _kinds(ApplyError) - {ApplyError, errors.JournalError}


def test_codes_are_unique_and_shared_with_no_refusal() -> None:
    codes = [kind.code for kind in _kinds(ApplyError)] + [reason.value for reason in Reason]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: error.code)
def test_an_error_says_what_to_do_and_survives_pickling(error: ApplyError) -> None:
    assert error.hint.endswith(".")
    assert not error.message.endswith(".")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_says_why_and_what_to_do(reason: Reason) -> None:
    found = refusal(reason, "pkg/a.py", "a {detail} with braces")
    assert found.unit == reason.value
    assert found.why
    assert found.what_to_do.endswith(".")
    assert "{" not in found.why.replace("{detail} with braces", "") + found.what_to_do


@pytest.mark.parametrize("run_id", [None, _ID])
def test_an_interruption_says_what_is_left_and_survives_pickling(run_id: str | None) -> None:
    stop = Interrupted(run_id)
    copy = pickle.loads(pickle.dumps(stop))
    assert (copy.id, str(copy)) == (run_id, str(stop))


def test_a_system_that_cannot_do_this_safely_is_an_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set())
    with pytest.raises(errors.PlatformError):
        history(root)
