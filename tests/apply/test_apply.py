"""Applying a plan writes all of it, exactly, or refuses all of it."""

from __future__ import annotations

import os
import stat
from importlib import import_module
from pathlib import Path

import pytest

from orchestra_codemods.apply import apply, history, preview, undo
from orchestra_codemods.change import Applied, Change, Outcome, Plan, Planned, Refused
from orchestra_codemods.source import Source
from tests.support.faults import in_child
from tests.support.journaled import create, delete, edit, plan, read, rename, twenty_file_plan
from tests.support.scene import Scene
from tests.support.snapshots import snapshot

_NOBODY = 65534


def _apply(root: Path, *changes: Change) -> Outcome:
    return apply(root, plan(*changes), command="test")


def _assert_refused(root: Path, reason: str, *changes: Change) -> None:
    """See that a plan is refused with this reason, by the preview as well, and that nothing was written."""
    held = snapshot(root)
    for outcome in (preview(root, plan(*changes)), _apply(root, *changes)):
        assert isinstance(outcome, Refused)
        assert reason in {refusal.unit for refusal in outcome.refusals}
        assert all(refusal.why and refusal.what_to_do for refusal in outcome.refusals)
    assert snapshot(root) == held
    assert history(root) == []


def test_encodings_and_line_endings_survive(root: Path) -> None:
    contents = {
        "bom.py": (b"\xef\xbb\xbfx = 1\n", b"\xef\xbb\xbfx = 2\n"),
        "crlf.py": (b"x = 1\r\n\r\n", b"x = 2\r\n\r\n"),
        "old_mac.py": (b"x = 1\ry = 1\r", b"x = 2\ry = 1\r"),
        "latin.py": (b"# coding: latin-1\nx = 1  # \xe9\n", b"# coding: latin-1\nx = 2  # \xe9\n"),
        "no_newline.py": (b"x = 1", b"x = 2"),
        "form_feed.py": (b"\x0cx = 1\t\n", b"\x0cx = 2\t\n"),
    }
    for path, (old, _) in contents.items():
        (root / path).write_bytes(old)
    edits = [edit(root, path, read(root, path).text.replace("x = 1", "x = 2")) for path in contents]
    assert isinstance(_apply(root, *edits), Applied)
    assert {path: (root / path).read_bytes() for path in contents} == {
        path: new for path, (_, new) in contents.items()
    }
    assert isinstance(undo(root), Applied)
    assert {path: (root / path).read_bytes() for path in contents} == {
        path: old for path, (old, _) in contents.items()
    }


def test_modes_stay_and_new_files_follow_the_umask(root: Path) -> None:
    (root / "script.py").write_text("old")
    (root / "script.py").chmod(0o751)
    (root / "moved.py").write_text("moved")
    (root / "moved.py").chmod(0o640)
    held = os.umask(0o027)
    try:
        _apply(
            root, edit(root, "script.py", "new"), create("a/b.py", ""), rename(root, "moved.py", "there.py")
        )
    finally:
        os.umask(held)
    modes = {
        path: stat.S_IMODE((root / path).stat().st_mode) for path in ("script.py", "a", "a/b.py", "there.py")
    }
    assert modes == {"script.py": 0o751, "a": 0o750, "a/b.py": 0o640, "there.py": 0o640}


def test_extended_attributes_stay(root: Path) -> None:
    (root / "a.py").write_text("old")
    try:
        os.setxattr(root / "a.py", "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    _apply(root, edit(root, "a.py", "new"))
    assert os.getxattr(root / "a.py", "user.note") == b"kept"
    _apply(root, delete(root, "a.py"))
    undo(root)
    assert os.getxattr(root / "a.py", "user.note") == b"kept"


def test_a_symbolic_link_is_written_through_and_stays(root: Path) -> None:
    (root / "real").mkdir()
    (root / "real/a.py").write_text("old")
    (root / "relative.py").symlink_to("real/a.py")
    (root / "absolute.py").symlink_to(root / "relative.py")
    assert isinstance(_apply(root, edit(root, "absolute.py", "new")), Applied)
    assert (root / "real/a.py").read_text() == "new"
    assert (root / "absolute.py").is_symlink()
    assert (root / "relative.py").is_symlink()


def test_hard_links_stay_linked(root: Path) -> None:
    (root / "a.py").write_text("a longer old text")
    os.link(root / "a.py", root / "b.py")
    assert isinstance(_apply(root, edit(root, "a.py", "new")), Applied)
    assert (root / "b.py").read_text() == "new"
    assert (root / "a.py").samefile(root / "b.py")


def test_two_names_of_one_file_may_want_the_same(root: Path) -> None:
    (root / "a.py").write_text("old")
    os.link(root / "a.py", root / "b.py")
    (root / "link.py").symlink_to("a.py")
    changes = [edit(root, path, "new") for path in ("a.py", "b.py", "link.py")]
    assert isinstance(_apply(root, *changes), Applied)
    assert (root / "b.py").read_text() == "new"
    assert isinstance(undo(root), Applied)
    assert (root / "b.py").read_text() == "old"


def test_files_can_change_places(root: Path) -> None:
    (root / "a.py").write_text("a")
    (root / "b.py").write_text("b")
    assert isinstance(_apply(root, rename(root, "a.py", "b.py"), rename(root, "b.py", "a.py")), Applied)
    assert ((root / "a.py").read_text(), (root / "b.py").read_text()) == ("b", "a")
    assert isinstance(undo(root), Applied)
    assert ((root / "a.py").read_text(), (root / "b.py").read_text()) == ("a", "b")


def test_compiled_code_of_the_same_size_and_second_is_outdated(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    old = (root / "a.py").stat().st_mtime
    _apply(root, edit(root, "a.py", "x = 2\n"))
    assert int((root / "a.py").stat().st_mtime) > int(old)


def test_nothing_to_write_leaves_no_journal(root: Path) -> None:
    (root / "a.py").write_text("a")
    same = edit(root, "a.py", "a")
    assert _apply(root, same) == Planned(plan(same))
    assert apply(root, Plan(), command="test") == Planned(Plan())
    assert not (root / ".git/orchestra").exists()


def test_the_history_says_what_was_done(root: Path) -> None:
    (root / "a.py").write_text("a")
    outcome = apply(root, plan(rename(root, "a.py", "b.py"), create("c.py", "")), command="orchestra migrate")
    assert isinstance(outcome, Applied)
    (run,) = history(root)
    assert (run.id, run.command, run.state, run.undoes) == (outcome.id, "orchestra migrate", "applied", None)
    assert [(each.path, each.kind, each.origin) for each in run.changes] == [
        ("b.py", "rename", "a.py"),
        ("c.py", "create", None),
    ]
    assert run.started is not None
    assert run.started.utcoffset() is not None


def test_the_preview_writes_nothing(scene: Scene) -> None:
    assert isinstance(preview(scene.root, twenty_file_plan(scene.root)), Planned)
    scene.assert_undone()
    assert not (scene.root / ".git/orchestra").exists()


def test_a_file_that_changed_after_it_was_read_is_refused(root: Path) -> None:
    (root / "a.py").write_text("read")
    change = edit(root, "a.py", "new")
    (root / "a.py").write_text("changed")
    _assert_refused(root, "changed-on-disk", change, create("b.py", ""))


def test_a_file_that_vanished_is_refused(root: Path) -> None:
    (root / "a.py").write_text("read")
    changes = (edit(root, "a.py", "new"), create("b.py", ""))
    (root / "a.py").unlink()
    _assert_refused(root, "vanished", *changes)


def test_a_file_that_exists_is_never_overwritten_by_a_new_one(root: Path) -> None:
    (root / "a.py").write_text("mine")
    (root / "broken.py").symlink_to("nowhere.py")
    (root / "folder.py").mkdir()
    for path in ("a.py", "broken.py", "folder.py"):
        _assert_refused(root, "already-exists", create(path, ""))
    _assert_refused(root, "already-exists", rename(root, "a.py", "broken.py"))


@pytest.mark.parametrize(
    "path",
    [
        "../a.py",
        "/etc/a.py",
        "a/../../b.py",
        "./a.py",
        "a//b.py",
        "",
        "a\0b.py",
        "a\\b.py",
        ".git/hooks/post-commit",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(root: Path, path: str) -> None:
    _assert_refused(root, "unsafe-path", create(path, ""))


@pytest.mark.parametrize("name", [".GIT", ".git.", ".git "])
def test_what_other_systems_take_for_the_git_directory_is_refused(root: Path, name: str) -> None:
    _assert_refused(root, "unsafe-path", create(f"sub/{name}/config", ""))


def test_links_out_of_the_root_are_refused(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("not yours")
    (root / "file.py").symlink_to(outside / "a.py")
    (root / "folder").symlink_to("../outside")
    (root / "circle").symlink_to("circle")
    _assert_refused(root, "outside-root", edit(root, "file.py", "new"))
    _assert_refused(root, "outside-root", edit(root, "folder/a.py", "new"))
    _assert_refused(root, "outside-root", create("folder/b.py", ""))
    _assert_refused(root, "outside-root", create("circle/b.py", ""))
    assert (outside / "a.py").read_text() == "not yours"


def test_a_link_into_the_git_directory_is_refused(root: Path) -> None:
    (root / "hooks").symlink_to(".git/hooks")
    _assert_refused(root, "unsafe-path", create("hooks/post-commit", "#!/bin/sh\n"))


def test_deleting_or_renaming_a_link_is_refused(root: Path) -> None:
    (root / "a.py").write_text("a")
    (root / "link.py").symlink_to("a.py")
    _assert_refused(root, "symbolic-link", delete(root, "link.py"))
    _assert_refused(root, "symbolic-link", rename(root, "link.py", "b.py"))


def test_deleting_or_renaming_a_hard_linked_file_is_refused(root: Path) -> None:
    (root / "a.py").write_text("a")
    os.link(root / "a.py", root / "b.py")
    _assert_refused(root, "hard-linked", delete(root, "a.py"))
    _assert_refused(root, "hard-linked", rename(root, "a.py", "c.py"))


def test_what_is_no_file_is_refused(root: Path) -> None:
    (root / "a.py").write_text("a")
    change = edit(root, "a.py", "new")
    (root / "a.py").unlink()
    os.mkfifo(root / "a.py")
    _assert_refused(root, "not-a-file", change)
    (root / "a.py").unlink()
    (root / "a.py").mkdir()
    _assert_refused(root, "not-a-file", change)
    (root / "b").write_text("a file")
    _assert_refused(root, "not-a-file", create("b/c.py", ""))


def test_paths_that_differ_in_case_only_are_refused(root: Path) -> None:
    (root / "Package").mkdir()
    (root / "Package/Module.py").write_text("")
    (root / "Straße.py").write_text("")
    for path in ("Package/module.py", "package/other.py", "STRASSE.py"):
        _assert_refused(root, "case-clash", create(path, ""))
    _assert_refused(root, "case-clash", create("new/a.py", ""), create("new/A.py", ""))
    _assert_refused(root, "case-clash", rename(root, "Package/Module.py", "Package/module.py"))


def test_two_changes_of_one_file_are_refused(root: Path) -> None:
    (root / "a.py").write_text("a")
    os.link(root / "a.py", root / "b.py")
    (root / "link.py").symlink_to("a.py")
    _assert_refused(root, "conflicting-changes", edit(root, "a.py", "1"), edit(root, "a.py", "2"))
    _assert_refused(root, "conflicting-changes", create("c.py", "1"), create("c.py", "2"))
    _assert_refused(root, "conflicting-changes", edit(root, "a.py", "1"), edit(root, "b.py", "2"))
    _assert_refused(root, "conflicting-changes", edit(root, "a.py", "1"), edit(root, "link.py", "2"))


def test_a_change_without_the_content_that_it_claims_is_refused(root: Path) -> None:
    honest = Source.new("a.py", "honest")
    _assert_refused(root, "wrong-digest", Change(None, Source("a.py", "else", honest.digest), "why"))


def test_a_read_only_file_is_refused(root: Path) -> None:
    (root / "a.py").write_text("a")
    (root / "a.py").chmod(0o444)
    _assert_refused(root, "read-only-file", edit(root, "a.py", "new"), create("b.py", ""))


def _become_nobody() -> None:
    """Give up the rights of the superuser, in a child process, for good."""
    os.setgroups([])
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)


@pytest.fixture
def root_of_nobody(quick_path: Path, tmp_path: Path) -> Path:
    """Return a project of a user without rights, outside the folders that pytest closes to others."""
    if quick_path.is_relative_to(tmp_path):
        pytest.skip("there is no folder that another user can reach")
    # What the verbs import when they need it may be out of reach for that user.
    import_module("fcntl")
    root = quick_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / ".git/HEAD").write_text("ref: refs/heads/main\n")
    assert history(root) == []
    for path in (quick_path, root, root / ".git"):
        os.chown(path, _NOBODY, _NOBODY)
    return root


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes the superuser")
def test_a_directory_without_permission_is_refused(root_of_nobody: Path) -> None:
    root = root_of_nobody
    (root / "closed").mkdir()
    (root / "closed").chmod(0o755)
    (root / "closed/a.py").write_text("a")
    (root / "closed/a.py").chmod(0o644)

    def tried() -> None:
        _become_nobody()
        _assert_refused(root, "read-only-directory", edit(root, "closed/a.py", "new"))
        _assert_refused(root, "read-only-directory", create("closed/deep/b.py", ""), create("c.py", ""))

    assert not in_child(tried)


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user takes the superuser")
def test_a_file_of_another_owner_is_written_in_place(root_of_nobody: Path) -> None:
    root = root_of_nobody
    (root / "a.py").write_text("old")
    (root / "a.py").chmod(0o666)
    inode = (root / "a.py").stat().st_ino

    def tried() -> None:
        _become_nobody()
        assert isinstance(_apply(root, edit(root, "a.py", "new")), Applied)

    assert not in_child(tried)
    status = (root / "a.py").stat()
    assert (status.st_uid, status.st_ino, (root / "a.py").read_text()) == (0, inode, "new")


@pytest.mark.skipif(os.geteuid() != 0, reason="giving files away takes the superuser")
def test_owner_and_group_stay(root: Path) -> None:
    (root / "a.py").write_text("old")
    os.chown(root / "a.py", 1234, 1235)
    _apply(root, edit(root, "a.py", "new"))
    _apply(root, rename(root, "a.py", "b.py", "newer"))
    _apply(root, delete(root, "b.py"))
    undo(root)
    status = (root / "b.py").stat()
    assert (status.st_uid, status.st_gid) == (1234, 1235)
