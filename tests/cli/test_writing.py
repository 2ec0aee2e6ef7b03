"""What every command that writes owes a project: git is asked first, trying changes nothing, undo undoes."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from orchestra_codemods.apply import System
from tests.cli.conftest import Orchestra
from tests.support.commands import committed, git
from tests.support.snapshots import snapshot


@pytest.fixture
def repository(project: Path) -> Path:
    return committed(project)


def is_untouched(project: Path) -> bool:
    return not (project / "orchestrators").exists()


@pytest.mark.parametrize("state", ["modified", "staged", "untracked", "ignored"])
def test_a_file_that_git_could_not_give_back_is_not_edited(
    orchestra: Orchestra, repository: Path, state: str
) -> None:
    settings = repository / "pyproject.toml"
    if state in ("untracked", "ignored"):
        git(repository, "rm", "--quiet", "--cached", "pyproject.toml")
        git(repository, "commit", "--quiet", "--message", "forgotten")
        if state == "ignored":
            (repository / ".git/info/exclude").write_text("pyproject.toml\n")
    else:
        settings.write_text(settings.read_text() + "# edited\n")
        if state == "staged":
            git(repository, "add", "pyproject.toml")
    before = snapshot(repository)
    done = orchestra("init")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[uncommitted-changes]: pyproject.toml has uncommitted changes")
    assert "--allow-dirty" in done.err
    assert snapshot(repository) == before
    assert orchestra("init", "--allow-dirty").code == 0
    assert orchestra("undo").code == 0
    assert snapshot(repository) == before


def test_changes_elsewhere_are_no_obstacle(orchestra: Orchestra, repository: Path) -> None:
    (repository / "untracked.py").touch()
    done = orchestra("init")
    assert (done.code, done.err) == (0, "")


def test_a_project_in_a_folder_of_its_repository_is_asked_about_by_its_own_paths(
    orchestra: Orchestra, tmp_path: Path
) -> None:
    outer = tmp_path / "outer"
    part = outer / "packages" / "a part"
    part.mkdir(parents=True)
    (part / "pyproject.toml").write_text("[project]\n")
    committed(outer)
    (outer / "pyproject.toml").write_text("# another, untracked\n")
    assert orchestra("init", "--root", str(part)).code == 0
    (part / "pyproject.toml").write_text("[project]\n# edited\n")
    assert "uncommitted-changes" in orchestra("init", "--root", str(part)).err


def test_outside_git_it_goes_ahead_and_says_so(orchestra: Orchestra, project: Path) -> None:
    done = orchestra("init")
    assert done.code == 0
    assert done.err == "Not in a git repository: `orchestra undo` is the only way back.\n"
    assert not is_untouched(project)


def test_without_a_git_program_it_goes_ahead(
    orchestra: Orchestra, repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = orchestra("init")
    assert done.code == 0
    assert "the only way back" in done.err


@pytest.mark.parametrize("options", [("--dry-run",), ("--diff",), ("--check",), ("--diff", "--check")])
def test_trying_writes_nothing(orchestra: Orchestra, repository: Path, options: tuple[str, ...]) -> None:
    before = snapshot(repository)
    done = orchestra("init", *options)
    assert done.code == (1 if "--check" in options else 0)
    assert "would change" in done.out
    assert ("--- /dev/null\n+++ b/orchestrators/facade.py\n" in done.out) == ("--diff" in options)
    assert snapshot(repository) == before
    assert orchestra("history").out == "no changes yet\n"


def test_trying_is_possible_with_uncommitted_changes(orchestra: Orchestra, repository: Path) -> None:
    (repository / "pyproject.toml").write_text("# edited\n")
    assert orchestra("init", "--dry-run").code == 0


def test_json_says_the_same_and_names_the_run_only_when_there_is_one(
    orchestra: Orchestra, repository: Path
) -> None:
    tried = json.loads(orchestra("init", "--dry-run", "--output-format", "json").out)
    done = json.loads(orchestra("init", "--output-format", "json").out)
    assert tried["id"] is None
    assert done["id"] in orchestra("history").out
    assert tried["changes"] == done["changes"]
    kinds = {change["path"]: change["kind"] for change in done["changes"]}
    assert kinds["pyproject.toml"] == "edit"
    assert kinds["orchestrators/facade.py"] == "create"


def test_history_undo_and_redo(orchestra: Orchestra, repository: Path) -> None:
    before = snapshot(repository)
    assert orchestra("undo").err.startswith("error[nothing-to-undo]: ")
    assert orchestra("resume").err.startswith("error[nothing-to-resume]: ")
    orchestra("init")
    written = snapshot(repository)
    undone = json.loads(orchestra("undo", "--output-format", "json").out)
    assert snapshot(repository) == before
    runs = json.loads(orchestra("history", "--output-format", "json").out)["runs"]
    assert [(run["command"], run["state"]) for run in runs] == [
        ("orchestra undo", "applied"),
        ("orchestra init", "undone"),
    ]
    assert runs[0]["undoes"] == runs[1]["id"]
    assert orchestra("undo", undone["id"]).code == 0
    assert snapshot(repository) == written
    assert orchestra("undo", "nonsense").err.startswith("error[no-such-run]: ")


def test_undo_can_be_tried(orchestra: Orchestra, repository: Path) -> None:
    orchestra("init")
    before = snapshot(repository)
    for options, code in ((("--dry-run",), 0), (("--check",), 1), (("--diff",), 0)):
        done = orchestra("undo", *options)
        assert done.code == code, done.err
        assert "- orchestrators/facade.py" in done.out
    assert snapshot(repository) == before


def test_an_edit_that_undo_would_lose_is_refused_by_name(orchestra: Orchestra, repository: Path) -> None:
    orchestra("init")
    facade = repository / "orchestrators" / "facade.py"
    facade.write_text(facade.read_text() + "# mine\n")
    before = snapshot(repository)
    done = orchestra("undo")
    assert done.code == 1
    assert "refused[" in done.out
    assert "orchestrators/protocols.py" not in done.out, "what was not done is not listed as if it was"
    assert done.err.startswith("error[")
    assert "orchestrators/facade.py" in done.err
    assert snapshot(repository) == before
    assert orchestra("undo", "--keep", "orchestrators/facade.py").code == 0
    assert facade.read_text().endswith("# mine\n")


class Unwritable(System):
    """A disk on which nothing of a project can be created."""

    def call(self, name, function, *arguments, **named):  # type: ignore[no-untyped-def]
        if name in ("create", "mkdir", "link", "open"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return function(*arguments, **named)


def test_a_root_that_cannot_be_written_is_an_error(
    orchestra: Orchestra, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot(repository)
    for module in ("verbs", "journal", "write"):
        monkeypatch.setattr(f"orchestra_codemods.apply.{module}.System", Unwritable, raising=False)
    done = orchestra("init")
    assert done.code == 2
    assert done.err.startswith("error[")
    assert "hint: " in done.err
    assert "Traceback" not in done.err
    assert snapshot(repository) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_root_is_an_error(orchestra: Orchestra, repository: Path) -> None:
    repository.chmod(0o555)
    try:
        done = orchestra("init")
        assert done.code == 2
        assert is_untouched(repository)
    finally:
        repository.chmod(0o755)


def test_a_target_that_is_a_link_out_of_the_root_is_refused(
    orchestra: Orchestra, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (project / "orchestrators").symlink_to(tmp_path / "outside")
    done = orchestra("init")
    assert done.code == 2
    assert "error[outside-root]: orchestrators/__init__.py: " in done.err
    assert list((tmp_path / "outside").iterdir()) == []
    assert "tool.orchestra" not in (project / "pyproject.toml").read_text()
