"""A journal is believed when this user wrote it for this root, and it is whole. It is private and bounded."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestra_codemods.apply import (
    ApplyError,
    RunState,
    apply,
    history,
    preview,
    preview_resume,
    resume,
    undo,
)
from orchestra_codemods.apply.errors import PrivateKeyError
from orchestra_codemods.apply.journal import KEPT_RUNS
from orchestra_codemods.apply.seal import existing_key, sealed
from orchestra_codemods.apply.stored import RECORD_PURPOSE
from orchestra_codemods.change import Applied, Planned
from tests.support.faults import Dying, Quick, in_child
from tests.support.journaled import create, edit, plan
from tests.support.scene import Scene
from tests.support.snapshots import snapshot


def _runs(root: Path) -> list[Path]:
    return sorted(path for path in (root / ".git/orchestra/journal").glob("*/*") if path.is_dir())


def _interrupted(root: Path) -> Path:
    """Leave an interrupted run behind and return its directory."""
    (root / "a.py").write_text("x = 1\n")

    class Dies(Dying):
        def before(self, number: int, name: str) -> None:
            if name == "replace" and (root / "a.py").exists() and any(root.glob(".orchestra-*")):
                self.at = number
            super().before(number, name)

    change = plan(edit(root, "a.py", "x = 2\n"))
    assert in_child(lambda: apply(root, change, command="orchestra migrate", system=Dies(0)))
    (run,) = _runs(root)
    return run


def _finished(root: Path) -> Path:
    (root / "a.py").write_text("x = 1\n")
    apply(root, plan(edit(root, "a.py", "x = 2\n")), command="orchestra migrate", system=Quick())
    (run,) = _runs(root)
    return run


def _reseal(run: Path, alter: Callable[[dict[str, Any]], object]) -> None:
    """Change a record and seal it again with the user's own key: what only a bug could write."""
    record = json.loads((run / "record").read_bytes()[65:])
    alter(record)
    key = existing_key()
    assert key is not None
    (run / "record").write_bytes(sealed(json.dumps(record).encode(), RECORD_PURPOSE, key))


def _codes(root: Path) -> set[str]:
    """Return the codes with which every verb refuses the journal, and see that nothing changes."""
    held = snapshot(root)
    codes = set()
    for verb in (
        lambda: apply(root, plan(create("new.py", "")), command="test"),
        lambda: preview(root, plan(create("new.py", ""))),
        lambda: resume(root),
        lambda: preview_resume(root),
        lambda: undo(root),
    ):
        with pytest.raises(ApplyError) as caught:
            verb()  # type: ignore[no-untyped-call]
        assert caught.value.hint
        codes.add(caught.value.code)
    assert snapshot(root) == held
    (run,) = history(root)
    assert run.state is RunState.UNREADABLE
    assert run.problem is not None
    assert run.problem.code in codes
    return codes


def test_an_interrupted_run_can_be_finished(root: Path) -> None:
    _interrupted(root)
    assert isinstance(preview_resume(root), Planned)
    assert isinstance(resume(root, system=Quick()), Applied)
    assert (root / "a.py").read_text() == "x = 2\n"


def test_a_journal_that_another_key_sealed_is_foreign(root: Path, state_directory: Path) -> None:
    _interrupted(root)
    (state_directory / "journal.key").unlink()
    assert _codes(root) == {"journal-foreign"}


def test_a_foreign_journal_is_believed_when_it_is_trusted(root: Path, state_directory: Path) -> None:
    run = _interrupted(root)
    (state_directory / "journal.key").unlink()
    assert isinstance(undo(root, trusted=[run.name], system=Quick()), Applied)
    assert (root / "a.py").read_text() == "x = 1\n"
    assert isinstance(apply(root, plan(create("next.py", "")), command="test", system=Quick()), Applied)


def test_trust_does_not_reach_beyond_the_root(root: Path) -> None:
    run = _interrupted(root)
    _reseal(run, lambda record: record["steps"][0].update(real="../outside.py"))
    with pytest.raises(ApplyError) as caught:
        undo(root, trusted=[run.name])
    assert caught.value.code == "journal-unsafe-path"


def test_a_foreign_journal_of_a_finished_run_does_not_block(root: Path, state_directory: Path) -> None:
    run = _finished(root)
    (state_directory / "journal.key").unlink()
    assert isinstance(apply(root, plan(create("next.py", "")), command="test", system=Quick()), Applied)
    with pytest.raises(ApplyError) as caught:
        undo(root, run.name)
    assert caught.value.code == "journal-foreign"
    assert [each.state for each in history(root)] == [RunState.APPLIED, RunState.UNREADABLE]


def test_a_forged_record_is_foreign(root: Path) -> None:
    run = _interrupted(root)
    data = (run / "record").read_bytes()
    (run / "record").write_bytes(data.replace(b"orchestra migrate", b"orchestra m1grate"))
    assert _codes(root) == {"journal-foreign"}


def test_a_forged_end_does_not_hide_an_unfinished_run(root: Path) -> None:
    run = _interrupted(root)
    (run / "finished").write_bytes(b"0" * 64 + b"\napplied")
    (found,) = history(root)
    assert found.state is RunState.UNREADABLE
    with pytest.raises(ApplyError) as caught:
        undo(root, run.name)
    assert caught.value.code == "journal-foreign"


def test_the_end_of_another_run_is_no_end(root: Path) -> None:
    finished = _finished(root)
    copied = (finished / "finished").read_bytes()
    shutil.rmtree(finished)
    (_interrupted(root) / "finished").write_bytes(copied)
    (found,) = history(root)
    assert found.state is RunState.UNREADABLE


@pytest.mark.parametrize("size", [0, 1, 64, 65, 70, 400])
def test_a_truncated_record_is_damaged(root: Path, size: int) -> None:
    run = _interrupted(root)
    os.truncate(run / "record", size)
    assert _codes(root) == {"journal-damaged"}


def test_truncated_or_exchanged_contents_are_damaged(root: Path) -> None:
    run = _interrupted(root)
    held = (run / "contents").read_bytes()
    for data in (held[:-1], b"", held.replace(b"1", b"7")):
        (run / "contents").write_bytes(data)
        before = snapshot(root)
        for verb in (resume, undo):
            with pytest.raises(ApplyError) as caught:
                verb(root, system=Quick())
            assert caught.value.code == "journal-damaged"
        assert snapshot(root) == before


def test_another_version_is_refused(root: Path) -> None:
    _reseal(_interrupted(root), lambda record: record.update(version=2))
    assert _codes(root) == {"journal-version"}


def test_a_project_that_was_moved_finds_its_run_and_is_told_so(root: Path) -> None:
    _interrupted(root)
    moved = root.rename(root.with_name("moved"))
    assert _codes(moved) == {"journal-other-root"}


@pytest.mark.parametrize(
    "path", ["../a.py", "/a.py", "a/../../b.py", "a\0.py", ".git/config", "", "a//b", 7, None]
)
@pytest.mark.parametrize("field", ["path", "real"])
def test_a_path_that_leads_elsewhere_is_refused_though_it_is_sealed(
    root: Path, path: object, field: str
) -> None:
    _reseal(_interrupted(root), lambda record: record["steps"][0].update({field: path}))
    assert _codes(root) == {"journal-unsafe-path"}


@pytest.mark.parametrize("field", ["made", "removed"])
def test_a_directory_that_leads_elsewhere_is_refused_though_sealed(root: Path, field: str) -> None:
    _reseal(_interrupted(root), lambda record: record.update({field: ["../elsewhere"]}))
    assert _codes(root) == {"journal-unsafe-path"}


ALTERATIONS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no steps": lambda record: record.pop("steps"),
    "an unknown field": lambda record: record.update(surprise=1),
    "steps are a text": lambda record: record.update(steps="steps"),
    "a content out of range": lambda record: record["contents"][0].__setitem__(1, -1),
    "no digest": lambda record: record["steps"][0]["before"].update(digest="../../etc/passwd"),
    "a digest without content": lambda record: record["steps"][0]["before"].update(digest="0" * 64),
    "no such encoding": lambda record: record["steps"][0]["before"].update(encoding="no-such"),
    "a mode that is none": lambda record: record["steps"][0]["before"].update(mode=-1),
    "a mode that is a text": lambda record: record["steps"][0]["before"].update(mode="0644"),
    "one file twice": lambda record: record["steps"].append(record["steps"][0]),
    "an id with a path": lambda record: record.update(id="../../x"),
    "the id of another run": lambda record: record.update(id="20200101-000000-aaaa"),
    "no time": lambda record: record.update(started="yesterday"),
    "no number": lambda record: record.update(sequence="1"),
    "in place without a before": lambda record: record["steps"][0].update(before=None, in_place=True),
    "an unknown kind": lambda record: record["changes"][0].update(kind="explode"),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_a_record_that_is_not_whole_is_damaged(root: Path, alteration: str) -> None:
    _reseal(_interrupted(root), ALTERATIONS[alteration])
    assert _codes(root) == {"journal-damaged"}


def test_a_deeply_nested_record_is_damaged(root: Path) -> None:
    run = _interrupted(root)
    key = existing_key()
    assert key is not None
    (run / "record").write_bytes(sealed(b"[" * 100_000, RECORD_PURPOSE, key))
    assert _codes(root) == {"journal-damaged"}


def test_a_journal_through_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    run = _interrupted(root)
    run.rename(tmp_path / "elsewhere")
    run.symlink_to(tmp_path / "elsewhere")
    assert _codes(root) == {"journal-damaged"}


def test_journals_and_key_are_private(root: Path, state_directory: Path) -> None:
    held = os.umask(0)
    try:
        run = _finished(root)
    finally:
        os.umask(held)
    private = [state_directory / "journal.key", run, *run.iterdir(), root / ".git/orchestra", state_directory]
    assert {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private} == {
        path.name: 0 for path in private
    }


def test_a_key_that_others_can_read_is_refused(root: Path, state_directory: Path) -> None:
    _finished(root)
    (state_directory / "journal.key").chmod(0o644)
    for verb in (history, undo):
        with pytest.raises(PrivateKeyError) as caught:
            verb(root)
        assert "chmod 600" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_key_of_the_wrong_size_is_refused(root: Path, state_directory: Path, content: bytes) -> None:
    state_directory.mkdir(parents=True)
    (state_directory / "journal.key").write_bytes(content)
    (state_directory / "journal.key").chmod(0o600)
    with pytest.raises(PrivateKeyError):
        apply(root, plan(create("a.py", "")), command="test")
    assert not (root / "a.py").exists()


def test_old_runs_are_forgotten_but_not_too_many(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestra_codemods.apply.journal.KEPT_RUNS", 3)
    assert KEPT_RUNS >= 20
    for number in range(5):
        apply(root, plan(create(f"file_{number}.py", "")), command=f"run {number}", system=Quick())
    assert [run.command for run in history(root)] == ["run 4", "run 3", "run 2"]


def test_what_was_killed_before_its_record_is_swept_up(root: Path) -> None:
    _finished(root)
    (journal,) = (root / ".git/orchestra/journal").glob("*/lock")
    left = journal.parent / "20200101-000000-abcdef"
    left.mkdir()
    (left / "contents.new").write_bytes(b"half")
    apply(root, plan(create("next.py", "")), command="test", system=Quick())
    assert not left.exists()


def test_the_record_is_on_disk_before_the_first_file_is_touched(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    seen: list[bool] = []

    class Watching(Quick):
        def before(self, number: int, name: str) -> None:
            has_record = any((run / "record").exists() for run in _runs(root))
            if any(root.glob(".orchestra-*")) or (root / "a.py").read_text() != "x = 1\n":
                seen.append(has_record)

    apply(
        root, plan(edit(root, "a.py", "x = 2\n"), create("deep/b.py", "")), command="test", system=Watching()
    )
    assert seen
    assert all(seen)


def test_all_is_on_the_disk_before_what_relies_on_it(scene: Scene) -> None:
    """Every content is synced before its name is switched, every folder before the run counts as finished."""
    unsynced: dict[int, str] = {}
    directories: set[int] = set()
    late: list[str] = []

    class Watching(Quick):
        def call(self, name: str, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
            result = super().call(name, function, *arguments, **named)
            if name == "fsync":
                identity = os.fstat(arguments[0]).st_ino
                unsynced.pop(identity, None)
                directories.discard(identity)
            elif name in {"write", "truncate", "chmod", "utime"}:
                unsynced[os.fstat(arguments[0]).st_ino] = name
            elif name in {"replace", "link", "unlink", "mkdir", "rmdir"}:
                folder: int = named.get("src_dir_fd", named.get("dir_fd", -1))
                if name in {"replace", "link"}:
                    moved = os.stat(arguments[1], dir_fd=folder, follow_symlinks=False).st_ino
                    late.extend(["content"] if moved in unsynced else [])
                if arguments[1:2] == ("finished",):
                    late.extend("folder" for _ in directories)
                directories.add(os.fstat(folder).st_ino)
            return result

    assert isinstance(scene.apply(Watching()), Applied)
    assert late == []
