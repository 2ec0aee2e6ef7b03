"""A layer or type is named that does not exist, or a type that does not fit the layer.

`OrchestrationType.COORDINATE` raises AttributeError when the orchestrator is built, often long after the change.
Three types belong to one layer each: COORDINATION to application, LIFECYCLE to infrastructure, BUSINESS_LOGIC to
domain.

The fix takes the one member with a similar name. It is safe: the name as it stands fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from orchestra_codemods.change import Edit
from orchestra_codemods.syntax.collectors import ENUMS, MEMBERS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.syntax.orchestrators import LAYERS, TYPES
from orchestra_codemods.unit import Case

CODE = "ORC004"
FACTS = (ENUMS, MEMBERS)
_BELONGS = {"COORDINATION": "APPLICATION", "LIFECYCLE": "INFRASTRUCTURE", "BUSINESS_LOGIC": "DOMAIN"}


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare the members that are named with those of the framework and of the project's own enums."""
    known = {"OrchestrationLayer": set(LAYERS), "OrchestrationType": set(TYPES)}
    for _, defined in facts.of(ENUMS):
        known[defined.name] |= set(defined.data["members"].split())
    for path, fact in facts.of(MEMBERS):
        enum, member, layer = fact.data["enum"], fact.data["member"], fact.data["layer"]
        if member not in known[enum]:
            close = get_close_matches(member, sorted(known[enum]), n=2, cutoff=0.6)
            hint = f"; did you mean {close[0]}?" if close else f"; there are {', '.join(sorted(known[enum]))}"
            fix = None
            if len(close) == 1:
                end = int(fact.data["end"])
                fix = safe(Edit(end - len(member), end, close[0]))
            yield Placed(path, fact, f"{enum} has no member {member}{hint}", fix)
        elif enum == "OrchestrationType" and layer in LAYERS and _BELONGS.get(member, layer) != layer:
            yield Placed(
                path,
                fact,
                f"{member} belongs to the {_BELONGS[member].lower()} layer, not to {layer.lower()}",
            )


_TEXT = """from orchestra import BaseOrchestrator, OrchestrationLayer, OrchestrationType

class Flow(BaseOrchestrator):
    def __init__(self):
        super().__init__(OrchestrationLayer.%s, "flow", OrchestrationType.%s)
"""
CASES = (
    Case("misspelt", _TEXT % ("DOMAIN", "SEQUENCIAL"), _TEXT % ("DOMAIN", "SEQUENTIAL")),
    Case("a layer that is none", _TEXT % ("SERVICE", "PARALLEL")),
    Case("unfit", _TEXT % ("DOMAIN", "COORDINATION")),
)
CLEAN = (
    Case("members that exist", _TEXT % ("DOMAIN", "BUSINESS_LOGIC")),
    Case(
        "a member of the project's own enum",
        "# file: src/orchestrators/protocols.py\nfrom enum import Enum\n\nclass OrchestrationType(Enum):\n"
        '    STREAMING = "streaming"\n# file: src/flow.py\n' + _TEXT % ("DOMAIN", "STREAMING"),
    ),
    Case("another enum", "import kinds\n\nprint(kinds.FlowType.STREAMING, kinds.OrchestrationTypes.X)\n"),
)
