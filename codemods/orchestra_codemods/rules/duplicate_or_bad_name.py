"""Two orchestrators have one name, or a name that cannot be registered.

The second `facade.register` raises DuplicateOrchestratorError, at start-up if you are lucky. A name consists of
letters, digits, `_`, `-` and `.`, and begins with a letter: it stands in commands, logs and metrics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import DEFINITIONS
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC005"
FACTS = (DEFINITIONS,)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare the literal names of all orchestrators."""
    first: dict[str, tuple[str, str]] = {}
    for path, fact in facts.of(DEFINITIONS):
        name = fact.data["name"]
        if not name and not fact.data["name_given"]:
            continue
        if not _NAME.match(name) and fact.data["name_literal"]:
            yield Placed(
                path, fact, f"`{name}` is no name for an orchestrator: use letters, digits, `_`, `-` and `.`"
            )
        elif name in first and name:
            other = first[name]
            yield Placed(path, fact, f"`{other[0]}` in {other[1]} has the name `{name}` too")
        elif name:
            first[name] = (fact.name, path)


def _file(path: str, cls: str, name: str) -> str:
    return (
        f"# file: {path}\nfrom orchestra import BaseOrchestrator, OrchestrationLayer\n\nclass {cls}(BaseOrchestrator):\n"
        f"    def __init__(self):\n        super().__init__(layer=OrchestrationLayer.DOMAIN, name={name})\n"
    )


CASES = (
    Case("twice", _file("src/a.py", "Daily", '"report"') + _file("src/b.py", "Weekly", '"report"')),
    Case("with a space", _file("src/a.py", "Daily", '"daily report"')),
)
CLEAN = (
    Case(
        "two names", _file("src/a.py", "Daily", '"daily"') + _file("src/b.py", "Weekly", '"weekly-report.v2"')
    ),
    Case(
        "the same in a test",
        _file("src/a.py", "Daily", '"daily"') + _file("tests/test_b.py", "Fake", '"daily"'),
    ),
    Case("computed", _file("src/a.py", "Daily", "NAME") + _file("src/b.py", "Weekly", "NAME")),
)
