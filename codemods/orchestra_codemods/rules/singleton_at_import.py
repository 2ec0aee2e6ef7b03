"""An orchestrator is built when its module is imported.

Importing then constructs: without a loop, before the settings are read, in every test that touches the module,
and in an order that nobody chose. Build it in a factory function that the wiring names.

The fix, which you make by hand, is `def get_flow(): …` and a `facade.register_factory("flow", get_flow)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import BUILDINGS, DEFINITIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC206"
IN_TRANSITION = False
FACTS = (BUILDINGS, DEFINITIONS)


def judge(facts: Facts) -> Iterator[Placed]:
    """Look at constructions that no function holds back."""
    classes = {fact.name for _, fact in facts.of(DEFINITIONS)}
    for path, fact in facts.of(BUILDINGS):
        if fact.name in classes and fact.data["at"] == "import":
            yield Placed(path, fact, f"`{fact.name}` is built when this module is imported")


_FLOW = """# file: src/flow.py
from orchestra import BaseOrchestrator, OrchestrationLayer

class FlowOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")
"""
CASES = (
    Case("a module-level instance", _FLOW + "\nflow = FlowOrchestrator()\n"),
    Case(
        "in a class body",
        _FLOW
        + "# file: src/app.py\nfrom flow import FlowOrchestrator\n\nclass App:\n    flow = FlowOrchestrator()\n",
    ),
)
CLEAN = (
    Case(
        "in a module that a migration filled, before the date of the old one",
        _FLOW
        + """
flow = FlowOrchestrator()
# file: deprecations.toml
[[module]]
name = "old"
path = "src/old.py"
replacement = "flow"
owner = "core"
remove_on = 2027-01-31
""",
    ),
    Case(
        "in a function, a lambda, or main",
        _FLOW
        + "\ndef get_flow():\n    return FlowOrchestrator()\n\nmake = lambda: FlowOrchestrator()\n\nif __name__ == '__main__':\n    FlowOrchestrator()\n",
    ),
    Case(
        "a legacy class", "# file: src/old.py\nclass OldOrchestrator:\n    pass\n\nold = OldOrchestrator()\n"
    ),
    Case(
        "in a test",
        _FLOW
        + "# file: tests/test_flow.py\nfrom flow import FlowOrchestrator\n\nflow = FlowOrchestrator()\n",
    ),
)
