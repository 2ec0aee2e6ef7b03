"""Undo is exact where nothing happened since, keeps edits where they merge, and refuses all else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from orchestra_codemods.apply import (
    AlreadyUndoneError,
    NoSuchRunError,
    NothingToUndoError,
    RunState,
    apply,
    history,
    preview_undo,
    undo,
)
from orchestra_codemods.change import Applied, Change, Kind, Planned, Refused
from tests.support.faults import Quick
from tests.support.journaled import create, delete, edit, plan, rename
from tests.support.scene import Scene
from tests.support.snapshots import snapshot

TEN_LINES = "".join(f"line_{number} = {number}\n" for number in range(10))
MIGRATED = TEN_LINES.replace("line_1 = 1", "line_1 = 'migrated'")


def _apply(root: Path, *changes: Change) -> str:
    outcome = apply(root, plan(*changes), command="orchestra migrate", system=Quick())
    assert isinstance(outcome, Applied)
    return outcome.id


def _undo(root: Path, run_id: str | None = None) -> str:
    outcome = undo(root, run_id, system=Quick())
    assert isinstance(outcome, Applied)
    return outcome.id


def _assert_undo_refused(root: Path, reason: str, path: str) -> None:
    held = snapshot(root)
    for outcome in (preview_undo(root), undo(root, system=Quick())):
        assert isinstance(outcome, Refused)
        assert [(refusal.unit, refusal.path) for refusal in outcome.refusals] == [(reason, path)]
        assert f"--keep {path}" in outcome.refusals[0].what_to_do
    assert snapshot(root) == held
    assert [run.state for run in history(root)] == [RunState.APPLIED]


def test_undo_is_exact_and_can_be_undone_again_and_again(scene: Scene) -> None:
    scene.apply(Quick())
    run_id = history(scene.root)[0].id
    for _ in range(3):
        run_id = _undo(scene.root, run_id)
        scene.assert_undone()
        run_id = _undo(scene.root, run_id)
        scene.assert_finished()


def test_the_history_knows_what_became_of_each_run(root: Path) -> None:
    first = _apply(root, create("a.py", ""))
    second = _apply(root, create("b.py", ""))
    back = _undo(root, first)
    states = {run.id: (run.state, run.undoes) for run in history(root)}
    assert states == {
        first: (RunState.UNDONE, None),
        second: (RunState.APPLIED, None),
        back: (RunState.APPLIED, first),
    }
    again = _undo(root, back)
    states = {run.id: (run.state, run.undoes) for run in history(root)}
    assert states[first] == (RunState.APPLIED, None)
    assert states[back] == (RunState.UNDONE, first)
    assert states[again] == (RunState.APPLIED, back)


def test_undo_goes_back_run_by_run(root: Path) -> None:
    (root / "a.py").write_text("0")
    for number in "123":
        _apply(root, edit(root, "a.py", number))
    seen = []
    for _ in range(3):
        _undo(root)
        seen.append((root / "a.py").read_text())
    assert seen == ["2", "1", "0"]
    with pytest.raises(NothingToUndoError):
        undo(root)


def test_a_run_can_be_named_by_the_beginning_of_its_name(root: Path) -> None:
    run_id = _apply(root, create("a.py", ""))
    with pytest.raises(NoSuchRunError):
        undo(root, "nonsense")
    with pytest.raises(NoSuchRunError):
        undo(root, "")
    _undo(root, run_id[:-2])
    with pytest.raises(AlreadyUndoneError) as caught:
        undo(root, run_id)
    assert "orchestra undo" in caught.value.hint
    with pytest.raises(NoSuchRunError) as several:
        undo(root, run_id[:4])
    assert run_id in several.value.message


def test_the_preview_of_an_undo_writes_nothing(scene: Scene) -> None:
    scene.apply(Quick())
    outcome = preview_undo(scene.root)
    assert isinstance(outcome, Planned)
    assert len(outcome.plan.changes) >= 20
    assert Kind.RENAME in {change.kind for change in outcome.plan.changes}
    scene.assert_finished()
    assert len(history(scene.root)) == 1


def test_edits_in_other_lines_are_kept(root: Path) -> None:
    (root / "a.py").write_text(TEN_LINES)
    _apply(
        root, edit(root, "a.py", TEN_LINES.replace("line_1 = 1", "line_1 = 'migrated'")), create("b.py", "")
    )
    edited = (root / "a.py").read_text().replace("line_8 = 8", "line_8 = 'mine'")
    (root / "a.py").write_text(edited)
    (root / "a.py").chmod(0o700)
    back = _undo(root)
    assert (root / "a.py").read_text() == TEN_LINES.replace("line_8 = 8", "line_8 = 'mine'")
    assert (root / "a.py").stat().st_mode & 0o777 == 0o700
    assert not (root / "b.py").exists()
    _undo(root, back)
    assert (root / "a.py").read_text() == edited


def test_an_earlier_run_can_be_undone_under_a_later_one(root: Path) -> None:
    (root / "a.py").write_text(TEN_LINES)
    first = _apply(root, edit(root, "a.py", TEN_LINES.replace("line_1 = 1", "line_1 = 'first'")))
    _apply(root, edit(root, "a.py", (root / "a.py").read_text().replace("line_8 = 8", "line_8 = 'second'")))
    _undo(root, first)
    assert (root / "a.py").read_text() == TEN_LINES.replace("line_8 = 8", "line_8 = 'second'")


def test_edits_in_the_same_lines_are_refused_and_nothing_is_undone(root: Path) -> None:
    (root / "a.py").write_text(TEN_LINES)
    _apply(
        root, edit(root, "a.py", TEN_LINES.replace("line_1 = 1", "line_1 = 'migrated'")), create("b.py", "")
    )
    (root / "a.py").write_text((root / "a.py").read_text().replace("'migrated'", "'migrated and mine'"))
    _assert_undo_refused(root, "merge-conflict", "a.py")


def test_a_merge_that_would_not_compile_is_refused(root: Path) -> None:
    before = "def f():\n    return 1\n" + TEN_LINES
    (root / "a.py").write_text(before)
    _apply(root, edit(root, "a.py", before.replace("    return 1\n", "    x = 1\n    return x\n")))
    (root / "a.py").write_text((root / "a.py").read_text() + "    indented = 'no more'\n")
    _assert_undo_refused(root, "merge-not-python", "a.py")


def test_without_git_edited_files_are_refused_and_others_undone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.py").write_text(TEN_LINES)
    _apply(root, edit(root, "a.py", TEN_LINES + "migrated = 1\n"))
    monkeypatch.setenv("PATH", "/nowhere")
    (root / "a.py").write_text("mine = 1\n" + (root / "a.py").read_text())
    _assert_undo_refused(root, "merge-needs-git", "a.py")
    (root / "a.py").write_text(TEN_LINES + "migrated = 1\n")
    _undo(root)
    assert (root / "a.py").read_text() == TEN_LINES


def test_a_created_file_that_was_edited_is_refused(root: Path) -> None:
    _apply(root, create("a.py", "x = 1\n"))
    (root / "a.py").write_text("x = 'mine'\n")
    _assert_undo_refused(root, "edited-since", "a.py")


def test_a_deleted_file_that_was_made_anew_is_refused(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    _apply(root, delete(root, "a.py"))
    (root / "a.py").write_text("x = 'mine'\n")
    _assert_undo_refused(root, "edited-since", "a.py")


def test_an_edited_file_that_was_deleted_since_is_refused(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    _apply(root, edit(root, "a.py", "x = 2\n"))
    (root / "a.py").unlink()
    _assert_undo_refused(root, "edited-since", "a.py")


def test_kept_files_stay_and_the_rest_is_undone(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    _apply(root, edit(root, "a.py", "x = 2\n"), create("b.py", ""))
    (root / "a.py").write_text("x = 'mine'\n")
    assert isinstance(undo(root, keep=["a.py"]), Applied)
    assert (root / "a.py").read_text() == "x = 'mine'\n"
    assert not (root / "b.py").exists()


def test_what_somebody_took_back_by_hand_is_not_in_the_way(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    run_id = _apply(root, edit(root, "a.py", "x = 2\n"), create("b.py", ""))
    (root / "a.py").write_text("x = 1\n")
    (root / "b.py").unlink()
    _undo(root)
    assert snapshot(root).keys() == {"a.py"}
    assert {run.id: run.state for run in history(root)}[run_id] is RunState.UNDONE


def test_edits_of_a_renamed_file_go_back_to_its_old_name(root: Path) -> None:
    (root / "a.py").write_text(TEN_LINES)
    _apply(
        root,
        rename(root, "a.py", "new/a.py", MIGRATED),
        create("a.py", "from new.a import *\n"),
    )
    moved = root / "new/a.py"
    moved.write_text(moved.read_text().replace("line_8 = 8", "line_8 = 'mine'"))
    _undo(root)
    assert (root / "a.py").read_text() == TEN_LINES.replace("line_8 = 8", "line_8 = 'mine'")
    assert not (root / "new").exists()


def test_only_directories_that_the_run_made_and_that_are_empty_go(root: Path) -> None:
    (root / "was_empty").mkdir()
    _apply(root, create("was_empty/a.py", ""), create("made/b.py", ""), create("used/deep/c.py", ""))
    (root / "used/mine.txt").write_text("mine")
    (root / "made/__pycache__").mkdir()
    (root / "made/__pycache__/b.cpython-311.pyc").write_bytes(b"compiled")
    _undo(root)
    assert snapshot(root).keys() == {"was_empty", "used", "used/mine.txt"}


def test_an_undo_of_a_project_without_runs_says_so(root: Path) -> None:
    with pytest.raises(NothingToUndoError) as caught:
        undo(root)
    assert "orchestra history" in caught.value.hint


def test_settings_of_git_do_not_reach_the_merge(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.py").write_text(TEN_LINES)
    _apply(root, edit(root, "a.py", MIGRATED))
    (root / "a.py").write_text("mine = 1\n" + (root / "a.py").read_text())
    elsewhere = root / "elsewhere"
    subprocess.run(["git", "init", "-q", str(elsewhere)], check=True)
    (elsewhere / ".git/config").write_text("[broken")
    monkeypatch.setenv("GIT_DIR", str(elsewhere / ".git"))
    _undo(root)
    assert (root / "a.py").read_text() == "mine = 1\n" + TEN_LINES


def test_hard_links_are_still_links_after_undo(root: Path) -> None:
    (root / "a.py").write_text("old")
    os.link(root / "a.py", root / "b.py")
    _apply(root, edit(root, "b.py", "new"))
    _undo(root)
    assert (root / "a.py").samefile(root / "b.py")
    assert (root / "a.py").read_text() == "old"
