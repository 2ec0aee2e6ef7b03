"""The facade is asked for a name that no orchestrator has.

`facade.orchestrate("tpyo")` raises OrchestratorNotFoundError when that line runs, which may be late and rare.

The fix takes the one registered name that is similar. It is safe: the name as it stands fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from orchestra_codemods.change import Edit
from orchestra_codemods.syntax.collectors import CALLS, DEFINITIONS, REGISTRATIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.syntax.hit import safe
from orchestra_codemods.unit import Case

CODE = "ORC010"
FACTS = (CALLS, DEFINITIONS, REGISTRATIONS)


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare the names that are asked for with all names that are literally given."""
    definitions = facts.of(DEFINITIONS)
    known = {fact.data["name"] for _, fact in definitions} - {""}
    known |= {fact.name for _, fact in facts.of(REGISTRATIONS) if fact.data["how"] == "register_factory"}
    known |= set(facts.config.factories)
    is_complete = all(fact.data["name"] or fact.data["abstract"] for _, fact in definitions)
    if not known:
        return
    for path, fact in facts.of(CALLS):
        if fact.name in known or "/tests/" in f"/{path}":
            continue
        close = get_close_matches(fact.name, sorted(known), n=2, cutoff=0.75)
        if not close and not is_complete:
            continue
        hint = f"; did you mean `{close[0]}`?" if close else f"; there are {', '.join(sorted(known)[:8])}"
        fix = None
        if len(close) == 1:
            start, end = int(fact.data["start"]), int(fact.data["end"])
            if end - start == len(fact.name) + 2:
                fix = safe(Edit(start + 1, end - 1, close[0]))
        yield Placed(path, fact, f"no orchestrator has the name `{fact.name}`{hint}", fix)


_DAILY = """# file: src/daily.py
from orchestra import BaseOrchestrator, OrchestrationLayer

class Daily(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="daily_report")
"""
_CALL = """# file: src/main.py
from orchestra import get_orchestration_facade

async def main(context):
    return await get_orchestration_facade().orchestrate(%s, context)  # go
"""
CASES = (
    Case("misspelt", _DAILY + _CALL % '"daly_report"', _DAILY + _CALL % '"daily_report"'),
    Case("nothing like it", _DAILY + _CALL % '"invoices"'),
)
CLEAN = (
    Case("it exists", _DAILY + _CALL % '"daily_report"'),
    Case("built at run time", _DAILY + _CALL % 'f"{kind}_report"'),
    Case(
        "another name may be given at run time",
        _DAILY.replace('"daily_report"', "name") + _CALL % '"invoices"',
    ),
    Case(
        "registered by a factory",
        _DAILY
        + '# file: src/wiring.py\ndef wire(facade):\n    facade.register_factory("invoices", make)\n'
        + _CALL % '"invoices"',
    ),
    Case(
        "something else that orchestrates",
        _DAILY
        + '# file: src/main.py\nasync def main(orchestra, context):\n    return await orchestra.orchestrate("symphony", context)\n',
    ),
)
