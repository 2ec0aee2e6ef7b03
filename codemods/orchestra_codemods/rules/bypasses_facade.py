"""An orchestrator is built and called outside the wiring.

A second instance has its own state and background tasks, nobody closes it, and its calls are neither logged nor
limited. Ask the facade: `await facade.orchestrate("name", context, …)` or `facade.call(…)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import BUILDINGS, DEFINITIONS, REGISTRATIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC205"
FACTS = (BUILDINGS, DEFINITIONS, REGISTRATIONS)
_WIRING = re.compile(r"(.*/)?(wiring|orchestrators|facade|conftest|__main__|demo|examples?/.*)(\.py)?\Z")
_MAKERS = re.compile(r"_?(get|build|make|create|new|wire|register|_)\w*\Z|main\Z")


def judge(facts: Facts) -> Iterator[Placed]:
    """Look at calls on orchestrators that were built in the same function."""
    classes = {fact.name for _, fact in facts.of(DEFINITIONS)}
    registering = {path for path, _ in facts.of(REGISTRATIONS)}
    for path, fact in facts.of(BUILDINGS):
        if fact.name not in classes or not fact.data["called"] or path in registering:
            continue
        if _WIRING.match(path) or _MAKERS.match(fact.data["function"]):
            continue
        yield Placed(path, fact, f"`{fact.name}` is built and called here, past the facade")


_FLOW = """# file: src/flow.py
from orchestra import BaseOrchestrator, OrchestrationLayer

class FlowOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")
"""
CASES = (
    Case(
        "to a name, then called",
        _FLOW
        + "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(context):\n    flow = FlowOrchestrator()\n    return await flow.orchestrate(context)\n",
    ),
    Case(
        "at once",
        _FLOW
        + "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(context):\n    return await FlowOrchestrator().run()\n",
    ),
)
CLEAN = (
    Case(
        "in the wiring",
        _FLOW
        + "# file: src/setup.py\nfrom flow import FlowOrchestrator\n\ndef start(facade):\n    flow = FlowOrchestrator()\n    flow.configure()\n    facade.register(flow)\n",
    ),
    Case(
        "in a test, in a factory, in main",
        _FLOW
        + "# file: tests/test_flow.py\nfrom flow import FlowOrchestrator\n\nasync def test_flow():\n    await FlowOrchestrator().run()\n# file: src/x.py\nfrom flow import FlowOrchestrator\n\ndef get_flow():\n    flow = FlowOrchestrator()\n    flow.warm()\n    return flow\n",
    ),
    Case(
        "a legacy class",
        "# file: src/old.py\nclass OldOrchestrator:\n    pass\n\ndef handle():\n    OldOrchestrator().run()\n",
    ),
    Case(
        "through the facade",
        _FLOW
        + '# file: src/handler.py\nasync def handle(facade, context):\n    return await facade.orchestrate("flow", context)\n',
    ),
)
