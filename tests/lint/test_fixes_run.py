"""What fixes make is not only text: it runs, and does what the rule's page promises."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any

import pytest

from orchestra import OrchestrationContext, OrchestrationFacade, OrchestrationLayer
from orchestra_codemods.lint.rule import rule_of
from orchestra_codemods.rules import bypasses_facade, eager_import_in_init, lost_public_method
from tests.support.lint import files_of


def _run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"OrchestrationLayer": OrchestrationLayer, "__name__": "fixed"}
    exec(compile(text, "fixed.py", "exec"), names)
    return names


@pytest.mark.parametrize("case", eager_import_in_init.CASES[:2], ids=lambda case: case.why)
def test_a_lazy_dependency_is_built_once_on_first_use(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []

    class Router:
        def route(self) -> int:
            return len(built)

    def get_router() -> Router:
        built.append(1)
        return Router()

    router = ModuleType("my_app.router")
    router.get_router = get_router  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "my_app", ModuleType("my_app"))
    monkeypatch.setitem(sys.modules, "my_app.router", router)
    text = case.after.replace('"domain"', "OrchestrationLayer.DOMAIN")
    text += "\n    async def orchestrate(self, context, **kwargs): ...\n"
    feedback = _run(text)["Feedback"]()
    assert built == []
    assert (feedback.route(), feedback.route()) == (1, 1)


def test_a_wrapper_hands_every_parameter_on() -> None:
    rule = rule_of(lost_public_method)
    case = next(one for one in rule.cases if one.why == "with parameters, and awaited")
    text = files_of(rule, case.after or "")["src/new.py"].replace("return 2", "return (grace, why, more)")
    flow = _run(text)["Flow"]
    made = flow.__new__(flow)
    assert asyncio.run(made.stop(7, why="so", also=1)) == (7, "so", {"also": 1})


def test_a_call_through_the_facade_answers_what_the_method_answered() -> None:
    rule = rule_of(bypasses_facade)
    files = files_of(rule, rule.cases[0].after or "")
    flow = _run(files["src/flow.py"])["FlowOrchestrator"]
    handle = _run(files["src/handler.py"].replace("from flow import FlowOrchestrator\n", ""))["handle"]

    async def answer() -> Any:
        async with OrchestrationFacade() as facade:
            facade.register_factory("flow", flow)
            return await handle(facade, OrchestrationContext(tenant_id="t", request_id="r", metadata={}))

    assert asyncio.run(answer()) == 2
