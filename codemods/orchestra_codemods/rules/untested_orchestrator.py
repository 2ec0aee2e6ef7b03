"""No test runs the five steps on an orchestrator: import, instantiate, register, execute, cleanup.

Lifecycle defects (leaked tasks, a second start, a cleanup that hangs) show only when somebody goes through the
whole life. `await verify_lifecycle(Orchestrator())` of `orchestra.testing` does it in one line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from orchestra_codemods.syntax.collectors import DEFINITIONS, place
from orchestra_codemods.syntax.fact import Collector, Fact, Facts, Placed
from orchestra_codemods.syntax.file import File
from orchestra_codemods.unit import Case

CODE = "ORC406"
DEFAULT = "preview"


def _tested(file: File, node: ast.ImportFrom | ast.Call) -> Iterator[Fact]:
    if not file.is_test:
        return
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield place(file, alias, alias.name)
    else:
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield place(file, argument, argument.value)


TESTED = Collector(
    "tested",
    ((b"verify_lifecycle", b"cleanup()", b"assert_no_leaked_tasks", b"aclose()", b"facade"),),
    (ast.ImportFrom, ast.Call),
    _tested,
    in_tests=True,
)
FACTS = (DEFINITIONS, TESTED)


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare orchestrators with what tests of a lifecycle import or name."""
    tested = {fact.name for _, fact in facts.of(TESTED)}
    if not any("test" in path for path in facts.paths):
        return
    for path, fact in facts.of(DEFINITIONS):
        if (
            not {fact.name, fact.data["name"]} & tested
            and not fact.data["abstract"]
            and not fact.name.startswith("_")
        ):
            yield Placed(path, fact, f"no test goes through the life of `{fact.name}`")


_FLOW = 'from orchestra import BaseOrchestrator, OrchestrationLayer\n\nclass Flow(BaseOrchestrator):\n    def __init__(self):\n        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")\n'
CASES = (
    Case(
        "a test that only builds it",
        f"# file: src/flow.py\n{_FLOW}# file: tests/test_flow.py\nfrom flow import Flow\n\ndef test_flow():\n    assert Flow()\n",
    ),
)
CLEAN = (
    Case(
        "verify_lifecycle",
        f"# file: src/flow.py\n{_FLOW}# file: tests/test_flow.py\nfrom flow import Flow\nfrom orchestra.testing import verify_lifecycle\n\nasync def test_flow():\n    await verify_lifecycle(Flow())\n",
    ),
    Case(
        "by name through the facade",
        f'# file: src/flow.py\n{_FLOW}# file: tests/test_flow.py\nasync def test_flow(facade, context):\n    assert await facade.orchestrate("flow", context)\n',
    ),
    Case("a project without tests", f"# file: src/flow.py\n{_FLOW}"),
)
