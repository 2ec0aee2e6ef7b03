"""A process killed at any mutating call leaves each file old or new, and nothing that cannot be mended."""

from __future__ import annotations

import random
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

import pytest

from orchestra_codemods.apply import NothingToResumeError, NothingToUndoError, RunState, apply, history
from orchestra_codemods.change import Applied
from tests.support.faults import Dying, Quick, in_child
from tests.support.journaled import create, plan
from tests.support.scene import Scene, Verb, face
from tests.support.snapshots import snapshot


def _sample(count: int, size: int, seed: int) -> list[int]:
    return sorted(random.Random(seed).sample(range(1, count + 1), min(size, count)))


def test_the_scene_has_twenty_files_of_every_kind(scene: Scene) -> None:
    changed = {
        path for path in {*scene.before, *scene.after} if face(scene.before, path) != face(scene.after, path)
    }
    assert len(changed) >= 20
    assert {"create", "write", "chmod", "fsync", "replace", "link", "unlink", "truncate", "mkdir"} <= set(
        scene.calls
    )


def test_killed_at_every_call_of_an_apply(scene: Scene) -> None:
    for at in range(1, len(scene.calls) + 2):
        for mend in (scene.assert_resumes, scene.assert_undoes):
            scene.forget()
            was_killed = scene.kill(scene.apply, at)
            assert was_killed or at > len(scene.calls)
            scene.assert_each_file_is_old_or_new()
            mend()


MENDINGS = [("resume", "resume"), ("resume", "undo"), ("undo", "undo"), ("undo", "resume")]


def _check_mending(scene: Scene, at: int, mending: tuple[str, str], choose: random.Random, size: int) -> None:
    """Kill the mending of a run at some of its calls, mend that again, and see that it comes out exact."""
    verbs: dict[str, Verb] = {"resume": scene.resume, "undo": scene.undo}
    first, second = mending
    goals = {"resume": scene.after, "undo": scene.before}
    scene.forget()
    scene.kill(scene.apply, at)
    counting = Quick()
    verbs[first](counting)
    assert snapshot(scene.root) == goals[first]
    for number in sorted(choose.sample(range(1, len(counting.calls) + 1), min(size, len(counting.calls)))):
        scene.forget()
        scene.kill(scene.apply, at)
        was_killed = scene.kill(verbs[first], number)
        # Whether a file has to be dated later depends on the clock: the last few calls may not be needed.
        assert was_killed or number > len(counting.calls) - 4
        scene.assert_each_file_is_old_or_new()
        with suppress(NothingToResumeError, NothingToUndoError):
            assert isinstance(verbs[second](Quick()), Applied)
        # An undo that died before it began is none: `resume` then finishes the run itself.
        allowed = [scene.before, scene.after] if mending == ("undo", "resume") else [goals[second]]
        assert snapshot(scene.root) in allowed, (at, number)


def _points_within_the_run(scene: Scene) -> range:
    """Return the calls before which a run is begun and not finished: after its record, up to its mark."""
    replaces = [number for number, name in enumerate(scene.calls, 1) if name == "replace"]
    return range(replaces[1] + 1, replaces[-1] + 1)


@pytest.mark.parametrize("mending", MENDINGS, ids="-".join)
def test_killed_again_while_mending(scene: Scene, mending: tuple[str, str]) -> None:
    choose = random.Random(20)
    for at in choose.sample(_points_within_the_run(scene), 5):
        _check_mending(scene, at, mending, choose, size=6)


@pytest.mark.soak
@pytest.mark.parametrize("mending", MENDINGS, ids="-".join)
def test_killed_again_while_mending_in_full(scene: Scene, mending: tuple[str, str]) -> None:
    choose = random.Random(21)
    for at in _points_within_the_run(scene):
        _check_mending(scene, at, mending, choose, size=40)


def _check_undo_of_a_finished_run(scene: Scene, points: Iterable[int]) -> None:
    for at in points:
        for mend in ("resume", "undo"):
            scene.forget()
            assert isinstance(scene.apply(Quick()), Applied)
            scene.kill(scene.undo, at)
            scene.assert_each_file_is_old_or_new()
            has_begun = any(run.state is RunState.UNFINISHED for run in history(scene.root))
            with suppress(NothingToResumeError, NothingToUndoError):
                outcome = scene.resume(Quick()) if mend == "resume" else scene.undo(Quick())
                assert isinstance(outcome, Applied)
            # Undoing an undo that was interrupted brings back what it had begun to take away.
            goals = (
                [scene.before if mend == "resume" else scene.after]
                if has_begun
                else [scene.before, scene.after]
            )
            assert snapshot(scene.root) in goals, (at, mend)


def test_killed_in_the_undo_of_a_finished_run(scene: Scene) -> None:
    _check_undo_of_a_finished_run(scene, _sample(140, 25, seed=22))


@pytest.mark.soak
def test_killed_at_every_call_of_the_undo_of_a_finished_run(scene: Scene) -> None:
    _check_undo_of_a_finished_run(scene, range(1, 160))


def _walk(scene: Scene, choose: random.Random) -> None:
    scene.forget()
    scene.kill(scene.apply, choose.choice(_points_within_the_run(scene)))
    for _ in range(choose.randint(2, 7)):
        verb = choose.choice([scene.resume, scene.undo])
        with suppress(NothingToResumeError, NothingToUndoError):
            if not in_child(partial(_quietly, verb, choose.randint(1, 60))):
                break
        scene.assert_each_file_is_old_or_new()
    with suppress(NothingToResumeError, NothingToUndoError):
        choose.choice([scene.resume, scene.undo])(Quick())
    assert snapshot(scene.root) in (scene.before, scene.after)


def _quietly(verb: Verb, at: int) -> None:
    with suppress(NothingToResumeError, NothingToUndoError):
        verb(Dying(at))


@pytest.mark.parametrize("seed", range(8))
def test_killed_again_and_again_in_both_directions(scene: Scene, seed: int) -> None:
    choose = random.Random(seed)
    for _ in range(5):
        _walk(scene, choose)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_killed_again_and_again_in_both_directions_at_length(scene: Scene, seed: int) -> None:
    choose = random.Random(seed)
    for _ in range(50):
        _walk(scene, choose)


def test_an_interrupted_undo_is_finished_by_resume_in_its_own_direction(scene: Scene) -> None:
    scene.kill(scene.apply, _points_within_the_run(scene)[-20])
    (run,) = history(scene.root)
    (journal,) = scene.root.glob(f".git/orchestra/journal/*/{run.id}")
    for at in range(1, 60, 3):
        if not scene.kill(scene.undo, at):
            break
        if (journal / "rolling-back").exists():
            assert isinstance(scene.resume(Quick()), Applied)
            scene.assert_undone()
            assert [run.state for run in history(scene.root)] == [RunState.ROLLED_BACK]
            return
    raise AssertionError("the undo was never killed in its middle")


def test_killed_while_old_runs_are_forgotten(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestra_codemods.apply.journal.KEPT_RUNS", 1)
    calls = _calls_of_a_second_run(scene)
    mark = max(number for number, name in enumerate(calls, 1) if name == "replace")
    assert calls[mark:].count("unlink") == 3
    for at in range(mark, len(calls) + 1):
        _first_run(scene)
        scene.kill(scene.undo, at)
        states = [run.state for run in history(scene.root)]
        assert RunState.UNREADABLE not in states
        if RunState.UNFINISHED in states:
            assert isinstance(scene.resume(Quick()), Applied)
        next_one = plan(create("next.py", ""))
        assert isinstance(apply(scene.root, next_one, command="next", system=Quick()), Applied)
        assert [run.command for run in history(scene.root)] == ["next"]


def _first_run(scene: Scene) -> None:
    scene.forget()
    assert isinstance(scene.apply(Quick()), Applied)


def _calls_of_a_second_run(scene: Scene) -> list[str]:
    _first_run(scene)
    counting = Quick()
    assert isinstance(scene.undo(counting), Applied)
    return counting.calls
