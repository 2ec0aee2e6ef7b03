"""`# orchestra: keep` that keeps nothing is told, so that a comment which outlived its reason goes away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orchestra_codemods
from orchestra_codemods.names import keeps

CASE = Path(orchestra_codemods.__file__).parent / "cases" / "migrate" / "kept_by_a_person" / "before"
TEXT = """\
@first  # orchestra: keep
@second
def f():
    pass
if f:  # orchestra: keep
    with f:  # orchestra: keep
        f()
    f()
f(
    1,  # orchestra: keep
)
"""


def test_a_comment_on_the_head_of_a_block_keeps_the_block() -> None:
    assert keeps(TEXT) == {1: range(1, 5), 5: range(5, 9), 6: range(6, 8), 10: range(9, 12)}


def test_comments_that_keep_nothing_are_told(make_project: Any, migrate: Any, read_tree: Any) -> None:
    project = make_project(read_tree(CASE))
    plan = migrate(project)
    assert [(one.path, one.span.line) for one in plan.findings] == [("b.py", 7), ("b.py", 12)]
    assert all("keeps nothing" in one.message for one in plan.findings)


def test_a_comment_that_keeps_the_name_of_a_moved_module_goes_on_doing_so(
    make_project: Any, migrate: Any, read_tree: Any
) -> None:
    project = make_project(read_tree(CASE))
    after = project.updated(migrate(project).changes)
    assert [(one.path, one.span.line) for one in migrate(after).findings] == [("b.py", 7), ("b.py", 12)]


def test_nothing_is_told_where_single_classes_are_migrated(
    make_project: Any, migrate: Any, read_tree: Any
) -> None:
    assert migrate(make_project(read_tree(CASE)), names=("flow",)).findings == ()
