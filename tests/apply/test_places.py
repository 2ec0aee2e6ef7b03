"""Journals live in the git directory, else in the user's state directory, and never in the tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestra_codemods.apply import RunState, apply, history, resume, undo
from orchestra_codemods.apply.errors import JournalNotWritableError, RootError
from orchestra_codemods.change import Applied
from tests.support.faults import Dying, Quick, in_child
from tests.support.journaled import create, edit, plan
from tests.support.snapshots import snapshot


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a real repository with one commit."""
    folder = tmp_path / "repository"
    folder.mkdir()
    _git(folder, "init", "-q")
    (folder / "a.py").write_text("x = 1\n")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    return folder


def _round_trip(root: Path) -> None:
    """Apply, interrupt, finish and undo a run, and see that the tree is as it was."""
    held = snapshot(root)
    changes = plan(edit(root, "a.py", "x = 2\n"), create("deep/b.py", ""))
    assert isinstance(apply(root, changes, command="test", system=Quick()), Applied)
    assert isinstance(undo(root, system=Quick()), Applied)
    assert snapshot(root) == held
    changes = plan(edit(root, "a.py", "x = 3\n"))
    assert in_child(lambda: apply(root, changes, command="test", system=Dying(20)))
    assert isinstance(resume(root, system=Quick()), Applied)
    assert isinstance(undo(root, system=Quick()), Applied)
    assert snapshot(root) == held


def _state_has_journals(state_directory: Path) -> bool:
    return (state_directory / "journal").exists()


def test_in_a_repository_the_journal_is_in_the_git_directory(repository: Path, state_directory: Path) -> None:
    _round_trip(repository)
    assert (repository / ".git/orchestra/journal").is_dir()
    assert not _state_has_journals(state_directory)
    assert _git(repository, "status", "--porcelain") == ""
    _git(repository, "clean", "-ffdxq")
    _git(repository, "fsck", "--strict")
    assert len(history(repository)) == 4


def test_in_a_worktree_the_journal_is_in_its_own_git_directory(repository: Path) -> None:
    _git(repository, "worktree", "add", "-q", "../tree")
    tree = repository.with_name("tree")
    _round_trip(tree)
    git_directory = Path(_git(tree, "rev-parse", "--absolute-git-dir"))
    assert (git_directory / "orchestra/journal").is_dir()
    assert len(history(tree)) == 4
    assert history(repository) == []


def test_a_git_file_with_a_relative_path_is_followed(tmp_path: Path) -> None:
    module = tmp_path / "outer/.git/modules/inner"
    module.mkdir(parents=True)
    (module / "HEAD").write_text("ref: refs/heads/main\n")
    inner = tmp_path / "outer/inner"
    inner.mkdir()
    (inner / ".git").write_text("gitdir: ../.git/modules/inner\n")
    (inner / "a.py").write_text("x = 1\n")
    _round_trip(inner)
    assert (module / "orchestra/journal").is_dir()


@pytest.mark.parametrize("text", ["", "gitdir: /nowhere/at/all", "nonsense", "gitdir: .", "\0\xff"])
def test_a_git_file_that_leads_nowhere_is_none(tmp_path: Path, state_directory: Path, text: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / ".git").write_text(text, encoding="latin-1")
    (root / "a.py").write_text("x = 1\n")
    _round_trip(root)
    assert _state_has_journals(state_directory)


def test_outside_git_the_journal_is_in_the_state_directory(tmp_path: Path, state_directory: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")
    _round_trip(root)
    assert _state_has_journals(state_directory)
    assert snapshot(root, without=()).keys() == {"a.py"}


def test_projects_in_one_repository_have_their_own_histories(repository: Path) -> None:
    for name in ("one", "two"):
        (repository / name).mkdir()
        apply(repository / name, plan(create(f"{name}.py", "")), command=name, system=Quick())
    assert [run.command for run in history(repository / "one")] == ["one"]
    undo(repository / "one", system=Quick())
    assert not (repository / "one/one.py").exists()
    assert (repository / "two/two.py").exists()


def test_a_project_that_becomes_a_repository_keeps_its_history(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    apply(root, plan(create("a.py", "")), command="before git", system=Quick())
    _git(root, "init", "-q")
    apply(root, plan(create("b.py", "")), command="in git", system=Quick())
    assert [run.command for run in history(root)] == ["in git", "before git"]
    undo(root, system=Quick())
    undo(root, system=Quick())
    assert snapshot(root) == {}


def test_a_root_that_is_a_link_is_the_same_project(repository: Path) -> None:
    link = repository.with_name("link")
    link.symlink_to(repository)
    apply(link, plan(create("b.py", "")), command="through the link", system=Quick())
    undo(repository, system=Quick())
    assert [run.state for run in history(link)] == [RunState.APPLIED, RunState.UNDONE]


def test_a_journal_directory_that_is_a_link_is_refused(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository / ".git/orchestra").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalNotWritableError):
        apply(repository, plan(create("b.py", "")), command="test")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (repository / "b.py").exists()


def test_without_a_place_for_the_journal_nothing_is_written(repository: Path) -> None:
    (repository / ".git/orchestra").write_text("in the way")
    with pytest.raises(JournalNotWritableError) as caught:
        apply(repository, plan(create("b.py", "")), command="test")
    assert "Nothing was changed" in caught.value.hint
    assert not (repository / "b.py").exists()


@pytest.mark.parametrize("name", ["nowhere", "a.py"])
def test_a_root_that_is_no_directory_is_an_error(repository: Path, name: str) -> None:
    with pytest.raises(RootError):
        apply(repository / name, plan(create("b.py", "")), command="test")
