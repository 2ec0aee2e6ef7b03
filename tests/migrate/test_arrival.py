"""Where a class goes is said of its own file, also when another moved module mentions it."""

from __future__ import annotations

from typing import Any

from orchestra_cli.migrating.planfile import plan_text
from orchestra_cli.migrating.planner import Planner, Settings
from orchestra_cli.migrating.questions import questions
from orchestra_codemods.inventory import take
from orchestra_codemods.migrations.arrival import arrival_of
from orchestra_codemods.migrations.decisions import Decisions
from tests.migrate.conftest import REMOVE_ON

LATE = b"""\
class LateWorkflowOrchestrator:
    def run_workflow(self):
        return 1
"""
EARLY = b"""\
from shop.late import LateWorkflowOrchestrator


class EarlyWorkflowOrchestrator:
    def __init__(self):
        self.late = LateWorkflowOrchestrator()

    def run_workflow(self):
        return self.late.run_workflow()
"""


def test_the_file_of_a_class_is_the_one_that_defines_it(make_project: Any) -> None:
    """The other comes first in the order of paths, and changes for both."""
    project = make_project({"shop/__init__.py": b"", "shop/late.py": LATE, "shop/early.py": EARLY})
    settings = Settings(remove_on=REMOVE_ON, placement="move")
    planner = Planner(project.root, project, take(project), project.config, settings)
    plan = planner.plan(Decisions())
    home = "core/orchestration/domain/{}_workflow.py"
    for target in planner.targets(Decisions()):
        arrival = arrival_of(plan.changes, target)
        stem = "late" if "Late" in target.class_name else "early"
        assert arrival is not None
        assert arrival.path == home.format(stem)
    shown = {
        question.target.class_name: question.changes[0].path
        for question in questions(plan, planner.targets(Decisions()))
        if question.caller is None
    }
    assert shown["LateWorkflowOrchestrator"] == home.format("late")
    lines = plan_text(planner, plan, Decisions(), "plan.toml").splitlines()
    late = lines[lines.index('class = "LateWorkflowOrchestrator"') :]
    assert next(line for line in late if line.startswith("placement")).endswith(home.format("late"))
