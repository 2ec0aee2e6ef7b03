"""A copy of a project is complete, and nothing that is done in it reaches the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestra_cli.proving.scratch import scratch_copy, state_of
from orchestra_codemods.change import Change
from orchestra_codemods.source import Source
from tests.support.snapshots import snapshot


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "a.py").write_text("A = 1\n")
    (root / "pkg" / "run.sh").write_text("#!/bin/sh\n")
    (root / "pkg" / "run.sh").chmod(0o755)
    (root / "absolute.py").symlink_to(root / "pkg" / "a.py")
    (root / "relative.py").symlink_to("pkg/a.py")
    (root / "folder").symlink_to("pkg")
    (root / "broken").symlink_to("nowhere")
    (root / "loop").symlink_to(".")
    (tmp_path / "outside.txt").write_text("theirs\n")
    (root / "outside.txt").symlink_to("../outside.txt")
    (root / ".venv").mkdir()
    (root / ".venv" / "pyvenv.cfg").write_text("home = /usr\n")
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("x")
    os.mkfifo(root / "pipe")
    return root


def test_writing_through_links_stays_in_the_copy(tree: Path) -> None:
    before = snapshot(tree, without=("pipe",))
    with scratch_copy(tree) as copy:
        assert (copy / "outside.txt").read_text() == "theirs\n"
        assert not (copy / ".git").exists()
        assert (copy / ".venv" / "pyvenv.cfg").is_file()
        assert (copy / "pkg" / "run.sh").stat().st_mode & 0o111
        for name in ("absolute.py", "relative.py", "folder/a.py", "loop/pkg/a.py"):
            (copy / name).write_text(f"{name}\n")
            assert (copy / "pkg" / "a.py").read_text() == f"{name}\n"
    assert not copy.exists()
    assert snapshot(tree, without=("pipe",)) == before


def test_changes_are_made_in_the_copy_only(tree: Path) -> None:
    before = snapshot(tree, without=("pipe",))
    old = Source.from_bytes("pkg/a.py", b"A = 1\n")
    linked = Source.from_bytes("outside.txt", b"theirs\n")
    changes = [
        Change(old, old.moved_to("pkg/b.py"), "moves"),
        Change(None, Source.new("new/folder/c.py", "C = 1\n"), "is new"),
        Change(linked, linked.with_text("ours\n"), "edited"),
    ]
    with scratch_copy(tree, changes) as copy:
        assert not (copy / "pkg" / "a.py").exists()
        assert (copy / "pkg" / "b.py").read_text() == "A = 1\n"
        assert (copy / "new/folder/c.py").read_text() == "C = 1\n"
        assert (copy / "outside.txt").read_text() == "ours\n"
    assert (tree.parent / "outside.txt").read_text() == "theirs\n"
    assert snapshot(tree, without=("pipe",)) == before


def test_what_is_written_is_seen(tree: Path) -> None:
    before = state_of(tree)
    (tree / "pkg" / "a.py").write_text("A = 2\n")
    (tree / "pkg" / "new.py").write_text("")
    (tree / ".git" / "HEAD").write_text("y")
    after = state_of(tree)
    assert {path for path in {*before, *after} if before.get(path) != after.get(path)} == {
        "pkg/a.py",
        "pkg/new.py",
    }
