"""One orchestrator after the other: what is migrated already is found again, and nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.family import BASE, heir

HEIR = heir("HeirOrchestrator", "shop.base")
FILES = {
    "shop/__init__.py": "",
    "shop/base.py": BASE,
    "shop/heir.py": HEIR,
    "shop/user.py": "from shop.base import BaseWorkflowOrchestrator\n",
}


@pytest.fixture
def project(make_project: Any) -> Any:
    return make_project({path: text.encode() for path, text in FILES.items()})


def test_a_base_does_not_leave_its_heir_behind(project: Any, migrate: Any) -> None:
    alone = migrate(project, names=("base_workflow",))
    assert alone.changes == ()
    (refusal,) = alone.refusals
    assert refusal.what_to_do == "Migrate them together: `orchestra migrate base_workflow heir`."

    together = migrate(project, names=("base_workflow", "heir"))
    assert together.refusals == ()
    after = project.updated(together.changes)
    text = after.sources["core/orchestration/domain/heir.py"].text
    assert 'OrchestrationLayer.DOMAIN, "heir"' in text
    assert migrate(after).changes == ()


def test_an_heir_without_its_base_is_refused(project: Any, migrate: Any) -> None:
    plan = migrate(project, names=("heir",))
    assert plan.changes == ()
    assert {refusal.unit for refusal in plan.refusals} == {"migrate:heir"}


def test_one_after_the_other_is_as_good_as_all_at_once(make_project: Any, migrate: Any) -> None:
    flow = "class {0}Orchestrator:\n    def run(self):\n        return 1\n"
    files = {"shop/__init__.py": "", "shop/a.py": flow.format("A"), "shop/b.py": flow.format("B")}
    project = make_project({path: text.encode() for path, text in files.items()})
    stepwise = project
    for name in ("b", "a"):
        plan = migrate(stepwise, names=(name,))
        assert plan.refusals == ()
        stepwise = stepwise.updated(plan.changes)
    at_once = project.updated(migrate(project).changes)
    assert list(stepwise.sources) == list(at_once.sources)
    for path in at_once.sources:
        one, other = stepwise.sources[path].text, at_once.sources[path].text
        assert sorted(one.splitlines()) == sorted(other.splitlines()), path
