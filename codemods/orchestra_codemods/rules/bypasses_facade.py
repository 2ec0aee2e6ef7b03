"""An orchestrator is built and called outside the wiring.

A second instance has its own state and background tasks, nobody closes it, and its calls are neither logged nor
limited. Ask the facade: `await facade.orchestrate("name", context, …)` or `facade.call(…)`. The callers of a
migrated class may go on building it until the date of the old module's record has passed, and where the class was
migrated in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import BUILDINGS, DEFINITIONS, REGISTRATIONS
from orchestra_codemods.syntax.deprecations import in_transition
from orchestra_codemods.syntax.exports import EXPORTS, kept_in_place
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.syntax.places import module_of
from orchestra_codemods.unit import Case

CODE = "ORC205"
FACTS = (BUILDINGS, DEFINITIONS, EXPORTS, REGISTRATIONS)
_WIRING = re.compile(r"(.*/)?(wiring|orchestrators|facade|conftest|__main__|demo|examples?/.*)(\.py)?\Z")
_MAKERS = re.compile(r"_?(get|build|make|create|new|wire|register|_)\w*\Z|main\Z")


def judge(facts: Facts) -> Iterator[Placed]:
    """Look at calls on orchestrators that were built in the same function."""
    classes = _settled(facts)
    registering = {path for path, _ in facts.of(REGISTRATIONS)}
    for path, fact in facts.of(BUILDINGS):
        if fact.name not in classes or not fact.data["called"] or path in registering:
            continue
        if fact.data["script"] or _WIRING.match(path) or _MAKERS.match(fact.data["function"]):
            continue
        yield Placed(path, fact, f"`{fact.name}` is built and called here, past the facade")


def _settled(facts: Facts) -> set[str]:
    """Return the classes whose callers a migration has not left as they were."""
    moved, kept = in_transition(facts), kept_in_place(facts)
    homes = ((fact.name, module_of(facts.config, path)) for path, fact in facts.of(DEFINITIONS))
    return {name for name, module in homes if module not in moved and (name, module) not in kept}


_FLOW = """# file: src/flow.py
from orchestra import BaseOrchestrator, OrchestrationLayer

class FlowOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")
"""
_RECORD = """# file: deprecations.toml
[[module]]
name = "old"
path = "src/old.py"
replacement = "flow"
owner = "core"
remove_on = %s
"""
_CALLER = "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(context):\n    return await FlowOrchestrator().run()\n"
CASES = (
    Case(
        "to a name, then called",
        _FLOW
        + "# file: src/handler.py\nfrom flow import FlowOrchestrator\n\nasync def handle(context):\n    flow = FlowOrchestrator()\n    return await flow.orchestrate(context)\n",
    ),
    Case("at once", _FLOW + _CALLER),
    Case("a migrated class, whose old module is overdue", _FLOW + _CALLER + _RECORD % "2026-01-31"),
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
    Case("a migrated class, before the date of its old module", _FLOW + _CALLER + _RECORD % "2027-01-31"),
    Case(
        "a class that was migrated in place",
        _FLOW
        + _CALLER
        + '# file: src/orchestrators/domain/__init__.py\n_EXPORTS = {"FlowOrchestrator": "flow"}\n',
    ),
    Case(
        "in a script, which is its own wiring",
        _FLOW + _CALLER + "\nif __name__ == '__main__':\n    asyncio.run(handle(None))\n",
    ),
    Case(
        "through the facade",
        _FLOW
        + '# file: src/handler.py\nasync def handle(facade, context):\n    return await facade.orchestrate("flow", context)\n',
    ),
)
