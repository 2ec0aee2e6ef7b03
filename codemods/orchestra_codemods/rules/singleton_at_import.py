"""An orchestrator is built when its module is imported.

Importing then constructs: without a loop, before the settings are read, in every test that touches the module,
and in an order that nobody chose. Build it in a factory function that the wiring names.

The fix makes `flow = Flow()` a cached `get_flow()`, and calls it in the functions of the project that use the name,
in whatever file. It is unsafe: the instance is built when it is first asked for, so that what its constructor raises
is raised there, and without the lock of an import. A public name can still be taken from the module, which then builds
it (PEP 562). There is no fix where some use would build at import all the same, where a string names it or another
module passes it on, and for an instance in a class body.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.change import Fix, Safety
from orchestra_codemods.inventory.late import built_late
from orchestra_codemods.syntax.collectors import BUILDINGS, DEFINITIONS
from orchestra_codemods.syntax.fact import Fact, Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC206"
IN_TRANSITION = False
FACTS = (BUILDINGS, DEFINITIONS)


def judge(facts: Facts) -> Iterator[Placed]:
    """Look at constructions that no function holds back."""
    classes = {fact.name for _, fact in facts.of(DEFINITIONS)}
    for path, fact in facts.of(BUILDINGS):
        if fact.name in classes and fact.data["at"] == "import":
            message = f"`{fact.name}` is built when this module is imported"
            yield Placed(path, fact, message, _fix(facts, path, fact))


def _fix(facts: Facts, path: str, fact: Fact) -> Fix | None:
    edits = dict(built_late(facts.project, path, int(fact.data["start"])) or {})
    own = edits.pop(path, ())
    return Fix(own, Safety.UNSAFE, None, tuple(edits.items())) if own else None


_FLOW = """# file: src/flow.py
from orchestra import BaseOrchestrator, OrchestrationLayer

class FlowOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")
"""
_LATE = """from functools import cache
from orchestra"""
_GETTER = """@cache
def get_flow() -> FlowOrchestrator:
    \"\"\"Return the one `FlowOrchestrator`, built when it is first asked for.\"\"\"
    return FlowOrchestrator()"""
_BY_NAME = """

def __getattr__(name: str) -> object:
    \"\"\"Build what is taken from the module by name when it is (PEP 562).\"\"\"
    if name == "flow":
        return get_flow()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
"""
_USER = """# file: src/app.py
from flow import flow as shared
import flow

async def handle(context):
    return await shared.orchestrate(context), flow.flow.name, [flow.flow for _ in context]
"""
CASES = (
    Case(
        "a private instance, used in functions of its module",
        _FLOW + "\n_flow = FlowOrchestrator()  # shared\n\ndef get():\n    return _flow\n",
        _FLOW.replace("from orchestra", _LATE)
        + f"\n{_GETTER}  # shared\n\ndef get():\n    return get_flow()\n",
    ),
    Case(
        "a public instance that other modules use",
        _FLOW + "\nflow = FlowOrchestrator()\n" + _USER,
        _FLOW.replace("from orchestra", _LATE)
        + f"\nflow: FlowOrchestrator\n\n\n{_GETTER}\n{_BY_NAME}"
        + _USER.replace("flow as shared", "get_flow")
        .replace("shared", "get_flow()")
        .replace("flow.flow", "flow.get_flow()"),
    ),
    Case(
        "an instance that another module uses when it is imported",
        _FLOW
        + "\nflow = FlowOrchestrator()\n# file: src/app.py\nfrom flow import flow\n\nNAME = flow.name\n",
    ),
    Case(
        "an instance with a text below that describes it",
        _FLOW + '\nflow = FlowOrchestrator()\n"""The one flow."""\n',
    ),
    Case(
        "an instance that another module passes on",
        _FLOW + "\nflow = FlowOrchestrator()\n# file: src/app.py\nfrom flow import flow\n",
    ),
    Case(
        "an instance that a test replaces by name",
        _FLOW
        + '\nflow = FlowOrchestrator()\n# file: tests/test_app.py\nfrom unittest.mock import patch\n\ndef test_app():\n    with patch("flow.flow.run"):\n        pass\n',
    ),
    Case(
        "an instance that is built again, or used where the module is imported",
        _FLOW
        + "\nflow = FlowOrchestrator()\n\ndef reset():\n    global flow\n    flow = None\n\nother = FlowOrchestrator()\nother.prepare()\n",
    ),
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
