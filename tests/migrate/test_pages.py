"""The page about an orchestrator says what was done with it, what was not, and how much is proven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from orchestra_codemods.change import Plan, Proof
from orchestra_codemods.migrations.decisions import Decision, Decisions
from orchestra_codemods.migrations.page import with_proof

FILES = {
    "shop/__init__.py": "",
    "shop/flow.py": "class FlowWorkflowOrchestrator:\n    def run(self):\n        return 1\n",
    "shop/one.py": "from shop.flow import FlowWorkflowOrchestrator\n",
    "shop/two.py": "from shop.flow import FlowWorkflowOrchestrator\n",
    "shop/odd.py": "import shop.flow\n\nHERE = shop\nFLOW = shop.flow.FlowWorkflowOrchestrator\n",
}
KEY = ("shop/flow.py", "FlowWorkflowOrchestrator")


def page_of(plan: Plan) -> str:
    (page,) = (each for each in plan.changes if each.path == "docs/migrations/flow_workflow.md")
    assert page.after is not None
    return page.after.text


def test_a_page_names_callers_and_what_stays_as_it_is(make_project: Any, migrate: Any) -> None:
    project = make_project({path: text.encode() for path, text in FILES.items()})
    decisions = Decisions({KEY: Decision(callers_left=frozenset({"shop/two.py"}))})
    text = page_of(migrate(project, decisions=decisions))
    callers = text.split("## Callers")[1].split("## What stays as it is")[0]
    assert "- `shop/one.py`" in callers
    assert "shop/two.py" not in callers
    left = text.split("## What stays as it is")[1].split("## Proof")[0]
    assert "- `shop/two.py`: it was decided so." in left
    assert "- `shop/odd.py`, line 1: the import of shop.flow stays as it is" in left


def test_a_page_about_which_nothing_stays_does_not_say_so(make_project: Any, migrate: Any) -> None:
    files = {path: FILES[path].encode() for path in ("shop/__init__.py", "shop/flow.py", "shop/one.py")}
    assert "What stays as it is" not in page_of(migrate(make_project(files)))


def test_a_page_counts_the_levels_of_proof_of_what_it_describes(make_project: Any, migrate: Any) -> None:
    files = {path: FILES[path].encode() for path in ("shop/__init__.py", "shop/flow.py", "shop/one.py")}
    plan = migrate(make_project(files))
    tested = replace(
        plan,
        changes=tuple(
            replace(each, proof=Proof.TESTED) if each.path == "shop/one.py" else each for each in plan.changes
        ),
    )
    text = page_of(with_proof(with_proof(tested), ["tests: 3 passed before; 3 passed after"]))
    proof = text.split("## Proof")[1].split("## How to take it back")[0]
    assert "| 1 | the project's own tests load it, and none is worse than before |" in proof
    assert "- tests: 3 passed before; 3 passed after" in proof
    assert "It is not known yet." not in text
    assert text.count("## ") == 4
