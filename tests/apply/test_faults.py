"""A call fails, Ctrl-C, somebody else writes: nothing is lost, and the next step is known."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestra_codemods.apply import (
    Interrupted,
    JournalError,
    NothingToResumeError,
    RunState,
    System,
    UnfinishedRunError,
    apply,
    history,
    preview,
    resume,
    undo,
)
from orchestra_codemods.apply.errors import JournalNotWritableError
from orchestra_codemods.change import Applied, Failed, Outcome, Refused
from tests.support.faults import Failing, Meddling, Quick
from tests.support.journaled import create, edit, plan
from tests.support.scene import Scene
from tests.support.snapshots import snapshot

FAULTS = [errno.ENOSPC, errno.EROFS, errno.EACCES]


def _is_unfinished(scene: Scene) -> bool:
    return any(run.state is RunState.UNFINISHED for run in history(scene.root))


def _fault_at(scene: Scene, fault: System) -> str:
    """Apply with a fault, check what is left, and return the outcome's name."""
    scene.forget()
    try:
        outcome = scene.apply(fault)
    except JournalError as error:
        hint = error.hint
    else:
        return _check_outcome(scene, outcome)
    assert hint
    scene.assert_undone()
    return "JournalError"


def _check_outcome(scene: Scene, outcome: Outcome) -> str:
    match outcome:
        case Refused(refusals=(refusal, *_)):
            assert refusal.why
            assert refusal.what_to_do
            scene.assert_undone()
            assert not _is_unfinished(scene)
        case Failed(error=error, id=run_id, written=written):
            assert error.code == "write-failed"
            assert run_id in error.message
            assert "orchestra resume" in error.hint
            assert len(written) <= len({*scene.before, *scene.after})
            scene.assert_each_file_is_old_or_new()
            assert _is_unfinished(scene)
        case Applied():
            scene.assert_finished()
        case other:
            raise AssertionError(other)
    return type(outcome).__name__


def twenty_file_plan_paths(scene: Scene) -> set[str]:
    return {*scene.before, *scene.after}


@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
def test_an_error_at_any_call_leaves_all_or_a_run_to_finish(scene: Scene, number: int) -> None:
    seen: set[str] = set()
    for at in range(1, len(scene.calls) + 1):
        outcome = _fault_at(scene, Failing(at, OSError(number, os.strerror(number))))
        seen.add(outcome)
        if outcome == "Failed":
            scene.assert_resumes() if at % 2 else scene.assert_undoes()
    assert seen == {"JournalError", "Refused", "Failed", "Applied"}


def test_a_disk_that_stays_full_leaves_all_or_a_run_to_finish(scene: Scene) -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for at in range(1, len(scene.calls) + 1):
        if _fault_at(scene, Failing(at, error, stays=True)) == "Failed":
            scene.assert_undoes() if at % 2 else scene.assert_resumes()


def test_a_disk_that_is_full_while_contents_are_staged_changes_nothing(scene: Scene) -> None:
    staged = [number for number, name in enumerate(scene.calls, 1) if name == "chmod"][-1]
    outcome = scene.apply(Failing(staged, OSError(errno.ENOSPC, "No space left on device")))
    assert isinstance(outcome, Refused)
    assert "No space left on device" in outcome.refusals[0].why
    assert history(scene.root) == []


def test_an_error_in_a_resumption_can_be_resumed(scene: Scene) -> None:
    middle = len(scene.calls) - 20
    for at in range(1, 60, 4):
        scene.forget()
        assert scene.kill(scene.apply, middle)
        try:
            outcome = scene.resume(Failing(at, OSError(errno.ENOSPC, "No space left on device")))
        except JournalNotWritableError:
            pass
        else:
            assert isinstance(outcome, Failed | Applied)
        scene.assert_each_file_is_old_or_new()
        scene.assert_resumes()
        scene.assert_finished()


def test_ctrl_c_at_any_call_says_what_is_left(scene: Scene) -> None:
    stopped = [_interrupt(scene, at) for at in range(1, len(scene.calls) + 1)]
    assert {type(stop) for stop in stopped} == {Interrupted, KeyboardInterrupt, type(None)}


def _interrupt(scene: Scene, at: int) -> KeyboardInterrupt | None:
    scene.forget()
    try:
        outcome = scene.apply(Failing(at, KeyboardInterrupt()))
    except KeyboardInterrupt as stop:
        _check_interruption(scene, stop, at)
        return stop
    assert isinstance(outcome, Applied)
    scene.assert_finished()
    return None


def _check_interruption(scene: Scene, stop: KeyboardInterrupt, at: int) -> None:
    run_id = stop.id if isinstance(stop, Interrupted) else None
    assert _is_unfinished(scene) == (run_id is not None)
    if run_id is None:
        assert snapshot(scene.root) in (scene.before, scene.after)
        return
    assert run_id in str(stop)
    assert "orchestra resume" in str(stop)
    scene.assert_each_file_is_old_or_new()
    scene.assert_resumes() if at % 2 else scene.assert_undoes()


@pytest.mark.parametrize("path", ["plain.py", "pkg/deep/gone.py", "top.py"])
def test_what_somebody_writes_meanwhile_is_never_lost(scene: Scene, path: str) -> None:
    foreign = b"somebody = 'else'\n"
    switch = _switch_of(scene, path)
    for at in range(1, switch):
        scene.forget()
        outcome = scene.apply(Meddling(at, lambda: (scene.root / path).write_bytes(foreign)))
        assert isinstance(outcome, Refused)
        assert [(refusal.unit, refusal.path) for refusal in outcome.refusals] in (
            [("changed-on-disk", path)],
            [("already-exists", path)],
        )
        assert (scene.root / path).read_bytes() == foreign
        assert not _is_unfinished(scene)
        _put_back(scene, path)
        scene.assert_undone()
    assert switch > 30


def _switch_of(scene: Scene, path: str) -> int:
    """Return the call before which the file is looked at for the last time: the one that switches it."""
    seen: list[int] = []

    class Watching(Quick):
        def call(self, name: str, function: Callable[..., Any], *arguments: object, **named: object) -> Any:
            if Path(path).name in arguments and name in {"replace", "unlink", "link"}:
                seen.append(len(self.calls) + 1)
            return super().call(name, function, *arguments, **named)

    scene.forget()
    assert isinstance(scene.apply(Watching()), Applied)
    return seen[0]


def _put_back(scene: Scene, path: str) -> None:
    if path in scene.before:
        (scene.root / path).write_bytes(scene.before[path].content)
    else:
        (scene.root / path).unlink()


def test_a_folder_that_somebody_exchanges_for_a_link_is_not_followed(scene: Scene, tmp_path: Path) -> None:
    outside = tmp_path / "outside"

    def exchange() -> None:
        (scene.root / "pkg").rename(scene.root / "moved_away")
        (scene.root / "pkg").symlink_to(outside)

    for at in range(1, len(scene.calls) + 1):
        scene.forget()
        shutil.rmtree(outside, ignore_errors=True)
        shutil.copytree(scene.root / "pkg", outside)
        held = snapshot(outside)
        outcome = scene.apply(Meddling(at, exchange))
        assert isinstance(outcome, Refused | Failed | Applied)
        assert snapshot(outside) == held, at


def test_a_file_that_is_exchanged_for_a_link_is_not_written_through(scene: Scene, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"

    def exchange() -> None:
        (scene.root / "other/grows.py").unlink()
        (scene.root / "other/grows.py").symlink_to(outside)

    outside.write_bytes(scene.before["other/grows.py"].content)
    last_staged = max(number for number, name in enumerate(scene.calls, 1) if name == "chmod")
    outcome = scene.apply(Meddling(last_staged, exchange))
    assert isinstance(outcome, Refused)
    assert [refusal.path for refusal in outcome.refusals] == ["other/grows.py"]
    assert outside.read_bytes() == scene.before["other/grows.py"].content


def test_a_hard_linked_file_that_somebody_changes_before_its_turn_is_refused(scene: Scene) -> None:
    foreign = b"somebody = 'else'\n"
    last_staged = max(number for number, name in enumerate(scene.calls, 1) if name == "chmod")
    outcome = scene.apply(Meddling(last_staged, lambda: (scene.root / "other/grows.py").write_bytes(foreign)))
    assert isinstance(outcome, Refused)
    assert (scene.root / "pkg/grows_too.py").read_bytes() == foreign
    _put_back(scene, "other/grows.py")
    scene.assert_undone()


def test_an_unfinished_run_blocks_the_next_one_and_says_how_to_go_on(scene: Scene) -> None:
    assert scene.kill(scene.apply, len(scene.calls) - 10)
    with pytest.raises(UnfinishedRunError) as caught:
        apply(scene.root, plan(create("next.py", "")), command="orchestra new")
    assert "orchestra migrate" in caught.value.message
    assert "orchestra resume" in caught.value.hint
    assert "orchestra undo" in caught.value.hint
    with pytest.raises(UnfinishedRunError):
        preview(scene.root, plan(create("next.py", "")))
    assert not (scene.root / "next.py").exists()


def test_a_file_edited_after_the_interruption_is_refused_or_kept(scene: Scene) -> None:
    assert scene.kill(scene.apply, len(scene.calls) - 10)
    (scene.root / "plain.py").write_text("mine = 1\n")
    for verb in (resume, undo):
        held = snapshot(scene.root)
        outcome = verb(scene.root, system=Quick())
        assert isinstance(outcome, Refused)
        assert [(each.unit, each.path) for each in outcome.refusals] == [("neither-old-nor-new", "plain.py")]
        assert "--keep plain.py" in outcome.refusals[0].what_to_do
        assert snapshot(scene.root) == held
    assert isinstance(undo(scene.root, keep=["plain.py"], system=Quick()), Applied)
    assert (scene.root / "plain.py").read_text() == "mine = 1\n"
    (scene.root / "plain.py").write_bytes(scene.before["plain.py"].content)
    scene.assert_undone()


def test_too_little_space_is_seen_before_anything_is_written(root: Path) -> None:
    class Full(Quick):
        @staticmethod
        def free_space(path: os.PathLike[str]) -> int:
            return 3

    outcome = apply(root, plan(create("big.py", "x = 1\n")), command="test", system=Full())
    assert isinstance(outcome, Refused)
    assert outcome.refusals[0].unit == "disk-full"
    assert not (root / "big.py").exists()
    assert history(root) == []


def test_a_file_system_without_hard_links_is_good_enough(root: Path) -> None:
    class Plain(Quick):
        def before(self, number: int, name: str) -> None:
            if name == "link" and (root / ".git/orchestra").exists():
                raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    (root / "old.py").write_text("x = 1\n")
    apply(root, plan(edit(root, "old.py", "x = 2\n")), command="makes the key")
    assert isinstance(apply(root, plan(create("new.py", "")), command="test", system=Plain()), Applied)
    assert snapshot(root).keys() == {"old.py", "new.py"}


def test_nothing_to_resume_is_an_error_with_a_remedy(root: Path) -> None:
    with pytest.raises(NothingToResumeError) as caught:
        resume(root)
    assert caught.value.hint
