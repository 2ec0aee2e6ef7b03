"""Every situation of a migration can be asked about, written down as a plan, and carried out from there."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from orchestra_cli.migrating.plan_reader import read_plan
from orchestra_cli.migrating.plan_standing import check_current, decisions_of
from orchestra_cli.migrating.planfile import plan_text
from orchestra_cli.migrating.planner import Planner, Settings
from orchestra_cli.migrating.questions import questions
from orchestra_cli.migrating.request import Request
from orchestra_cli.terminal import Style
from orchestra_codemods.inventory import take
from orchestra_codemods.migrations.decisions import Decisions
from tests.migrate.conftest import REMOVE_ON
from tests.migrate.test_cases import CASES, situations


@pytest.fixture
def planner(make_project: Any, read_tree: Any) -> Any:
    def make(case: Path) -> Planner:
        file = case / "options.toml"
        options = tomllib.loads(file.read_text()) if file.exists() else {}
        project = make_project(read_tree(case / "before"))
        settings = Settings(remove_on=REMOVE_ON, **options)
        return Planner(project.root, project, take(project), project.config, settings)

    return make


@situations
def test_a_plan_that_nobody_edited_is_the_same_plan(case: Path, planner: Any, tmp_path: Path) -> None:
    first = planner(case)
    plan = first.plan(Decisions())
    if not plan.changes:
        return
    file = tmp_path / "plan.toml"
    file.write_text(plan_text(first, plan, Decisions(), "plan.toml"))
    read = read_plan(file)
    settings = Request(plan=file).settings(first.config, read)
    second = Planner(first.root, first.project, first.inventory, first.config, settings, read.names)
    decisions = decisions_of(read, second)
    check_current(read, second, decisions)
    assert second.plan(decisions).changes == plan.changes


@situations
def test_every_change_hangs_on_a_question(case: Path, planner: Any) -> None:
    made = planner(case)
    plan = made.plan(Decisions())
    asked = list(questions(plan, made.targets(Decisions())))
    assert {change.path for change in plan.changes} == {
        change.path for question in asked for change in question.changes
    }
    assert len({question.key for question in asked}) == len(asked)
    for question in asked:
        assert any(line.startswith(("+", "-")) for line in question.lines(Style()))


def test_the_reason_for_a_change_names_all_classes_of_its_file(planner: Any) -> None:
    plan = planner(CASES / "several_in_one_module").plan(Decisions())
    said = "DigestOrchestrator and WeeklyDigestOrchestrator become orchestrators"
    assert [one.because for one in plan.changes if "become" in one.because] == [said]
