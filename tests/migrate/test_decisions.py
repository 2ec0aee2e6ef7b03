"""What a person decides about a class or a caller is what is done, and nothing is left half done."""

from __future__ import annotations

from typing import Any

import pytest

from orchestra_codemods.migrations.decisions import Decision, Decisions
from tests.support.family import BASE, heir

FLOW = """\
class {0}WorkflowOrchestrator:
    def run(self):
        return 1
"""
HEIR = heir("HeirWorkflowOrchestrator", "shop.base")
FILES = {
    "shop/__init__.py": "",
    "shop/flow.py": FLOW.format("Flow"),
    "shop/one.py": "from shop.flow import FlowWorkflowOrchestrator\n",
    "shop/two.py": 'from shop import flow\n\nPATH = "shop.flow:FlowWorkflowOrchestrator"\n',
    "shop/base.py": BASE,
    "shop/heir.py": HEIR,
}
FLOW_KEY = ("shop/flow.py", "FlowWorkflowOrchestrator")


@pytest.fixture
def project(make_project: Any) -> Any:
    return make_project({path: text.encode() for path, text in FILES.items()})


def decided(key: tuple[str, str], **what: Any) -> Decisions:
    return Decisions({key: Decision(**what)})


def test_name_layer_and_type_are_those_that_were_decided(project: Any, migrate: Any) -> None:
    decisions = decided(FLOW_KEY, name="river", layer="application", type="monitoring")
    plan = migrate(project, decisions=decisions)
    assert plan.refusals == ()
    text = project.updated(plan.changes).sources["core/orchestration/application/river.py"].text
    assert "OrchestrationLayer.APPLICATION" in text
    assert "OrchestrationType.MONITORING" in text
    assert 'name="river"' in text


def test_a_class_can_be_picked_by_the_name_that_was_decided(project: Any, migrate: Any) -> None:
    plan = migrate(project, names=("river",), decisions=decided(FLOW_KEY, name="river"))
    assert {unit for change in plan.changes for unit in change.units} == {"migrate:river"}


def test_each_module_goes_where_it_was_decided(project: Any, migrate: Any) -> None:
    after = project.updated(migrate(project, decisions=decided(FLOW_KEY, placement="in-place")).changes)
    assert "BaseOrchestrator" in after.sources["shop/flow.py"].text
    assert "core/orchestration/domain/base_workflow.py" in after.sources


def test_a_caller_that_is_to_stay_is_not_touched_and_others_are(project: Any, migrate: Any) -> None:
    plan = migrate(project, decisions=decided(FLOW_KEY, callers_left=frozenset({"shop/two.py"})))
    paths = {change.path for change in plan.changes}
    assert "shop/one.py" in paths
    assert "shop/two.py" not in paths
    assert "shop/flow.py" in paths


def test_skipping_a_class_skips_what_cannot_do_without_it(project: Any, migrate: Any) -> None:
    base = ("shop/base.py", "BaseWorkflowOrchestrator")
    heir = ("shop/heir.py", "HeirWorkflowOrchestrator")
    for key, other in ((base, "migrate:heir_workflow"), (heir, "migrate:base_workflow")):
        plan = migrate(project, decisions=decided(key, is_skipped=True))
        assert {refusal.unit for refusal in plan.refusals} == {other}
        touched = {unit for change in plan.changes for unit in change.units}
        assert touched == {"migrate:flow_workflow"}


def test_a_package_that_has_to_take_a_name_later_may_not_stay_as_it_is(
    make_project: Any, migrate: Any
) -> None:
    """Left alone it would ask the old module for a name that the new one does not have yet."""
    files = {
        "shop/__init__.py": "from shop.flow import FlowWorkflowOrchestrator\n",
        "shop/tools.py": "def tool():\n    return 1\n",
        "shop/flow.py": "from shop.tools import tool\n\n\n" + FLOW.format("Flow"),
    }
    project = make_project({path: text.encode() for path, text in files.items()})
    moved = {change.path for change in migrate(project).changes}
    assert "core/orchestration/domain/flow_workflow.py" in moved
    left = decided(FLOW_KEY, callers_left=frozenset({"shop/__init__.py"}))
    stayed = {change.path for change in migrate(project, decisions=left).changes}
    assert "core/orchestration/domain/flow_workflow.py" not in stayed
    assert "shop/__init__.py" not in stayed
    assert "shop/flow.py" in stayed
