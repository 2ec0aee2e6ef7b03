"""What the documents show on a terminal is what a person sees who types it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.console import matches, run_shell, steps_of
from tests.support.environments import ROOT, quietly

PAGES = ["README.md", *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md"))]


@pytest.fixture
def legacy_bot(tmp_path: Path) -> Path:
    """A copy of the legacy application, as a git repository without changes."""
    folder = tmp_path / "legacy_bot"
    shutil.copytree(
        ROOT / "docs/examples/legacy_bot",
        folder,
        ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"),
    )
    for arguments in (
        ["init", "--quiet"],
        ["config", "user.name", "tests"],
        ["config", "user.email", "tests@localhost"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "As it was"],
    ):
        quietly(["git", "-C", str(folder), *arguments])
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_each_command_prints_what_the_page_shows(page: str, legacy_bot: Path) -> None:
    for step in steps_of((ROOT / page).read_text()):
        actual = run_shell(step.command, legacy_bot)
        assert matches(step.expected, actual), f"$ {step.command}\n{actual}\n--- {page} says\n{step.expected}"


def test_the_readme_shows_a_tour() -> None:
    assert len(list(steps_of((ROOT / "README.md").read_text()))) >= 6


@pytest.mark.parametrize(
    ("expected", "actual", "same"),
    [
        ("one\n…\ntwo", "one\nmore\nmore\ntwo", True),
        ("one\n…\ntwo", "one\ntwo", True),
        ("one … three\n…", "one two three\nmore", True),
        ("one\ntwo", "one\nthree", False),
        ("one", "one\ntwo", False),
    ],
)
def test_an_ellipsis_stands_for_what_differs(expected: str, actual: str, same: bool) -> None:
    assert matches(expected, actual) is same
