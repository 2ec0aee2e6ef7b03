"""No test runs the five steps on an orchestrator: import, instantiate, register, execute, cleanup.

Lifecycle defects (leaked tasks, a second start, a cleanup that hangs) show only when somebody goes through the
whole life. `await verify_lifecycle(Orchestrator())` of `orchestra.testing` does it in one line.

The fix writes `tests/test_<name>_orchestrator.py` with such a test. It is safe: no file that exists is changed, and
only operations marked `safe_to_verify` are run. There is none where the class needs arguments, where no test
imports its package so far, or where such a file exists. Of what a migration moved it speaks from the date of the old
module's record on, and not of a class that was migrated in place: they have the tests that they had.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from orchestra_codemods.change import Edit, Fix, Safety
from orchestra_codemods.syntax.collectors import DEFINITIONS, place
from orchestra_codemods.syntax.construction import constructible
from orchestra_codemods.syntax.exports import EXPORTS, kept_in_place
from orchestra_codemods.syntax.fact import Collector, Fact, Facts, Placed
from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.places import module_of
from orchestra_codemods.unit import Case

CODE = "ORC406"
IN_TRANSITION = False


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
FACTS = (DEFINITIONS, EXPORTS, TESTED)
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
_TESTPATHS = re.compile(r"^[ \t]*testpaths[ \t]*=[ \t]*((?:\[[^\]]*\])|.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_TEST = '''"""`{cls}` lives from import to cleanup."""

import asyncio

from orchestra.testing import verify_lifecycle

from {module} import {cls}


def test_{name}_lives_through_the_five_steps() -> None:
    report = asyncio.run(verify_lifecycle({cls}))
    assert report.passed, str(report)
'''


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare orchestrators with what tests of a lifecycle import or name."""
    tested = {fact.name for _, fact in facts.of(TESTED)}
    if not any("test" in path for path in facts.paths):
        return
    packages: frozenset[str] | None = None
    kept = kept_in_place(facts)
    for path, fact in facts.of(DEFINITIONS):
        if (
            not {fact.name, fact.data["name"]} & tested
            and not fact.data["abstract"]
            and not fact.name.startswith("_")
            and (fact.name, module_of(facts.config, path)) not in kept
        ):
            packages = _imported(facts) if packages is None else packages
            message = f"no test goes through the life of `{fact.name}`"
            yield Placed(path, fact, message, _fix(facts, path, fact, packages))


def _imported(facts: Facts) -> frozenset[str]:
    """Return the top-level packages that tests import: those are known to be importable from tests."""
    folder = _folder(facts)
    texts = (
        facts.read(path) or ""
        for path in facts.paths
        if folder and path.startswith(f"{folder}/") and path.endswith(".py")
    )
    return frozenset(name for text in texts for name in _IMPORT.findall(text))


def _folder(facts: Facts) -> str | None:
    """Return the folder of the project's tests: the usual one that there is and that pytest is told of."""
    folder = next(
        (name for name in ("tests", "test") if any(p.startswith(f"{name}/") for p in facts.paths)), ""
    )
    for path in ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"):
        told = _TESTPATHS.search(facts.read(path) or "") if path in facts.paths else None
        if told is not None and folder not in re.findall(r"[\w./-]+", told[1]):
            return None
    return folder or None


def _fix(facts: Facts, path: str, fact: Fact, packages: frozenset[str]) -> Fix | None:
    module, name = module_of(facts.config, path), fact.data["name"]
    if module.partition(".")[0] not in packages or not name.isidentifier():
        return None
    file = f"test_{name}_orchestrator.py"
    taken = any(one.rpartition("/")[2] == file for one in facts.paths)
    if taken or constructible(facts.read(path) or "", fact.name) is None:
        return None
    text = _TEST.format(cls=fact.name, module=module, name=name.lower())
    return Fix((Edit(0, 0, text),), Safety.SAFE, f"{_folder(facts)}/{file}")


_FLOW = 'from orchestra import BaseOrchestrator, OrchestrationLayer\n\nclass Flow(BaseOrchestrator):\n    def __init__(self):\n        super().__init__(layer=OrchestrationLayer.DOMAIN, name="flow")\n'
_BUILT = f"# file: src/flow.py\n{_FLOW}# file: tests/test_flow.py\nfrom flow import Flow\n\ndef test_flow():\n    assert Flow()\n"
_MADE = "# file: tests/test_flow_orchestrator.py\n" + _TEST.format(cls="Flow", module="flow", name="flow")
CASES = (
    Case("a test that only builds it", _BUILT, _BUILT + _MADE),
    Case(
        "pytest looks for tests elsewhere",
        _BUILT + '# file: pyproject.toml\n[tool.pytest.ini_options]\ntestpaths = ["checks"]\n',
    ),
    Case("it needs an argument", _BUILT.replace("(self)", "(self, client)")),
    Case("no test imports its module", _BUILT.replace("from flow import Flow\n", "")),
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
    Case(
        "a class that was migrated in place",
        _BUILT + '# file: src/orchestrators/domain/__init__.py\n_EXPORTS = {"Flow": "flow"}\n',
    ),
    Case("a project without tests", f"# file: src/flow.py\n{_FLOW}"),
)
