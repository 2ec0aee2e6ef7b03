"""The search for words answers what reading every file would, however often it is asked."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from orchestra_codemods.change import Change
from orchestra_codemods.config import Config
from orchestra_codemods.names import files_with
from orchestra_codemods.names.search import places_of
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source
from tests.support.projects import project_of

WORDS = ("alpha", "beta", "a", "two-words", "pkg.mod", "naïve", "_x", "missing")
TEXTS = st.lists(st.sampled_from([*WORDS, " ", ".", "-", "\n", "alphabet", "2"]), max_size=12).map("".join)
FILES = st.dictionaries(st.sampled_from([f"f{number}.py" for number in range(6)]), TEXTS, max_size=6)


def read_everything(project: Project, word: str) -> list[str]:
    pattern = re.compile(rf"(?<![\w]){re.escape(word)}(?![\w])")
    return [path for path in project.sources if pattern.search(project.sources[path].text)]


@given(FILES, st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), max_size=8))
def test_every_look_finds_what_reading_finds(files: dict[str, str], asked: list[list[str]]) -> None:
    project = project_of(files)
    for words in asked:
        expected = {word: read_everything(project, word) for word in words}
        assert expected == places_of(project, words)


@given(FILES, FILES, st.lists(st.sampled_from(WORDS), max_size=8))
def test_changes_are_seen_and_what_they_replace_is_not(
    before: dict[str, str], after: dict[str, str], asked: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        for path, text in before.items():
            (Path(folder) / path).write_text(text, encoding="utf-8", newline="")
        project = Project(Path(folder), Sources(Path(folder), before), Config())
        for word in asked:  # the tree on disk is known by few words, or by all
            places_of(project, [word])
        edited = project.updated(
            Change(project.sources.get(path), Source.new(path, text), "") for path, text in after.items()
        )
        thinned = edited.updated(
            Change(edited.sources[path], None, "") for path in before if path not in after
        )
        for version in (edited, thinned, project):
            for word in WORDS:
                assert read_everything(version, word) == list(files_with(version, [word]))


def test_versions_with_the_same_files_are_the_same_project() -> None:
    project = project_of({"a.py": "x = 1\n", "b.py": ""})
    change = Change(project.sources["a.py"], Source.new("a.py", "x = 2\n"), "")
    assert project.updated([change]) is project.updated([change])
    assert project.updated([change]) is not project.updated([])
