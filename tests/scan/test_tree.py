"""The files of a project are found completely, in one order, and nothing in a tree can stop that."""

import os
import subprocess
from pathlib import Path

import pytest

from orchestra_codemods.config import Config
from orchestra_codemods.project import Project
from orchestra_codemods.scan import scan
from orchestra_codemods.scan.tree import LARGEST


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x = 1\n")


def paths(root: Path, *exclude: str) -> list[str]:
    return list(scan(root, Config(exclude=exclude)).sources)


def reasons(project: Project) -> dict[str, str]:
    return {each.path: each.why for each in project.skipped}


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


NOISE = [
    ".venv/a.py",
    "venv/lib/a.py",
    "node_modules/a.js",
    "pkg/__pycache__/a.py",
    "build/lib/a.py",
    "dist/a.txt",
    ".hidden/a.py",
    "lib/site-packages/a.py",
    "picture.png",
    "old.pyc",
]


def test_without_git_environments_caches_and_builds_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "docs/a.md", ".config.toml", "src/build/__init__.py", *NOISE)
    assert paths(tmp_path) == [".config.toml", "a.py", "docs/a.md", "src/build/__init__.py"]


def test_a_folder_that_the_repository_around_it_ignores_is_a_project_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "vendored/app.py", "vendored/__pycache__/app.py")
    (tmp_path / ".gitignore").write_text("vendored/\n")
    git(tmp_path, "init")
    assert paths(tmp_path / "vendored") == ["app.py"]


def test_with_git_its_ignore_files_decide_and_untracked_files_count(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "new.py", "generated/a.py", "sub/ignored.py", "build/kept.py", *NOISE)
    (tmp_path / ".gitignore").write_text("generated/\n")
    (tmp_path / "sub/.gitignore").write_text("ignored.py\n")
    git(tmp_path, "init")
    git(tmp_path, "add", "a.py", "build/kept.py")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / "gone.py").write_text("")
    git(tmp_path, "add", "gone.py")
    (tmp_path / "gone.py").unlink()
    assert paths(tmp_path) == [".gitignore", "a.py", "build/kept.py", "new.py", "sub/.gitignore"]


def test_a_folder_of_a_repository_is_a_project_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, "outer.py", "app/inner.py")
    git(tmp_path, "init")
    assert paths(tmp_path / "app") == ["inner.py"]


def test_a_repository_in_the_repository_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "nested/b.py")
    git(tmp_path, "init")
    git(tmp_path / "nested", "init")
    assert paths(tmp_path) == ["a.py", "nested/b.py"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("b.py", ["a/c.py", "a/d/e.py"]),
        ("/b.py", ["a/b.py", "a/c.py", "a/d/e.py"]),
        ("a/", ["b.py"]),
        ("d", ["a/b.py", "a/c.py", "b.py"]),
        ("a/*.py", ["a/d/e.py", "b.py"]),
        ("a/**", ["b.py"]),
        ("**/e.py", ["a/b.py", "a/c.py", "b.py"]),
        ("a/**/e.py", ["a/b.py", "a/c.py", "b.py"]),
        ("?.py", []),
        ("[bc].py", ["a/d/e.py"]),
        ("[!b].py", ["a/b.py", "b.py"]),
        ("*.py\n!b.py", ["a/b.py", "b.py"]),
        ("# b.py", ["a/b.py", "a/c.py", "a/d/e.py", "b.py"]),
        ("b.py/", ["a/b.py", "a/c.py", "a/d/e.py", "b.py"]),
    ],
)
def test_exclude_works_as_in_gitignore(tmp_path: Path, pattern: str, left: list[str]) -> None:
    write(tmp_path, "a/b.py", "a/c.py", "a/d/e.py", "b.py")
    assert paths(tmp_path, *pattern.split("\n")) == left


def test_links_are_not_followed_and_those_that_matter_are_named(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    write(project, "real/a.py")
    write(outside, "secret.py")
    (project / "loop").symlink_to(project)
    (project / "again.py").symlink_to("real/a.py")
    (project / "out").symlink_to(outside)
    (project / "dangling.py").symlink_to("nowhere.py")
    (project / "circle.py").symlink_to("circle.py")
    found = scan(project, Config())
    assert list(found.sources) == ["real/a.py"]
    why = reasons(found)
    assert why["again.py"] == "it is a symbolic link to real/a.py, which is read under its own name"
    assert why["out"] == "it is a symbolic link that leads out of the project"
    assert why["dangling.py"] == why["circle.py"] == "it is a symbolic link that leads nowhere or in a circle"
    assert "loop" in why


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.py", "closed/b.py", "z.py")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = scan(tmp_path, Config())
    assert list(found.sources) == ["a.py", "z.py"]
    assert reasons(found) == {"closed": "the folder cannot be read: Permission denied"}


def test_special_names_special_files_and_huge_files_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / os.fsdecode(b"bad\xff.py")).write_text("")
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(LARGEST + 1)
    found = scan(tmp_path, Config())
    assert list(found.sources) == ["a.py"]
    assert reasons(found) == {
        "bad\\xff.py": "its name is not valid UTF-8",
        "huge.py": "it is larger than 16 MB",
        "pipe": "it is not a regular file",
    }


def test_a_root_that_is_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        scan(tmp_path / "missing", Config())


def test_nothing_is_read_while_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.py")
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("a file was read"))
    assert paths(tmp_path) == ["a.py"]
