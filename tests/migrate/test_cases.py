"""Each situation under orchestra_codemods/cases comes out as its `after` says, and nothing else changes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import orchestra_codemods
from orchestra_codemods.change import Kind, Plan
from orchestra_codemods.project import Project

CASES = Path(orchestra_codemods.__file__).parent / "cases" / "migrate"
WIRING = ("deprecations.toml", "docs/migrations/", "core/orchestration/", "src/core/orchestration/")

situations = pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)


@pytest.fixture
def run(make_project: Any, migrate: Any, read_tree: Any) -> Callable[..., tuple[Project, Plan]]:
    """Migrate the project of a case, or what became of it."""

    def run(case: Path, project: Project | None = None) -> tuple[Project, Plan]:
        file = case / "options.toml"
        options = tomllib.loads(file.read_text()) if file.exists() else {}
        before = project or make_project(read_tree(case / "before"))
        return before, migrate(before, **options)

    return run


@situations
def test_the_result_is_what_the_case_says(case: Path, run: Any, read_tree: Any) -> None:
    _, plan = run(case)
    expected = read_tree(case / "after") if (case / "after").exists() else {}
    changed = {change.path: change.after.data for change in plan.changes if change.after is not None}
    new = {change.path for change in plan.changes if change.kind is Kind.CREATE}
    wiring = {path for path in changed if path.startswith(WIRING) and (path not in new or "docs/" in path)}
    wiring.add("deprecations.toml")
    assert {
        path: data for path, data in changed.items() if path in expected or path not in wiring
    } == expected


@situations
def test_what_is_refused_is_what_the_case_says(case: Path, run: Any) -> None:
    _, plan = run(case)
    file = case / "refused.txt"
    expected = file.read_text().splitlines() if file.exists() else []
    assert [f"{one.path}:{one.span.line}: {one.why}" for one in plan.refusals] == expected
    assert all(one.what_to_do for one in plan.refusals)


@situations
def test_a_second_run_changes_nothing(case: Path, run: Any) -> None:
    project, plan = run(case)
    assert run(case, project.updated(plan.changes))[1].changes == ()


@situations
def test_the_order_of_files_does_not_matter(case: Path, run: Any, make_project: Any, read_tree: Any) -> None:
    project, plan = run(case)
    backwards = make_project(dict(reversed(read_tree(case / "before").items())))
    assert run(case, backwards)[1] == plan
    assert project is not backwards
