"""The guide's own code blocks are flagged where they do what the guide warns of, or what breaks when it
is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestra_codemods.lint.rule import all_rules
from orchestra_codemods.lint.run import lint
from tests.support.lint import TODAY, project_of

GUIDE = Path(__file__).parents[1] / "assets" / "usage_guide.md"
LINES = GUIDE.read_text(encoding="utf-8").splitlines()

FLAGGED = [
    # the line as the guide prints it, how many such lines there are, the rule
    ("asyncio.create_task(self._monitoring_loop())", 1, "task-in-init"),
    ("asyncio.create_task(self._background_loop())  # RuntimeError: no event loop!", 1, "task-in-init"),
    ("while True:  # Infinite loop - no shutdown mechanism!", 1, "endless-loop"),
    ("while True:  # Infinite loop!", 1, "endless-loop"),
    ("self._monitoring_task = asyncio.create_task(self._monitoring_loop())", 1, "leaky-spawn-guard"),
    ("asyncio.create_task(self._processing_loop())", 1, "leaky-spawn-guard"),
    ("asyncio.create_task(self._background_loop())", 2, "leaky-spawn-guard"),
    ("except Exception as e:", 1, "hot-error-loop"),
    ("await self._task  # Could hang forever!", 1, "unbounded-cleanup"),
    ("from my_app.router_a import get_router_a", 1, "eager-import-in-init"),
    ("from my_app.router_b import get_router_b", 1, "eager-import-in-init"),
    ("from my_app.manager import get_manager", 1, "eager-import-in-init"),
    ("from heavy_module import HeavyRouter  # Loads immediately!", 1, "eager-import-in-init"),
    ("await asyncio.sleep(1)", 1, "deaf-sleep"),
    ("asyncio.create_task(self._monitoring_loop())", 1, "dangling-task"),
    ("asyncio.create_task(self._processing_loop())", 2, "dangling-task"),
    ("asyncio.create_task(self._background_loop())", 2, "dangling-task"),
    ("asyncio.create_task(self._background_loop())  # RuntimeError: no event loop!", 1, "dangling-task"),
    ('func = kwargs.get("func")', 1, "unchecked-kwarg"),
    ('component = kwargs.get("component")', 1, "unchecked-kwarg"),
    ("class MyMonitoringOrchestrator:", 1, "missing-cleanup"),
]

UNSEEN = {
    "the application template's cleanup() never awaits its task": "the task was dropped; dangling-task stands there",  # noqa: E501
    "it cannot start again after stop": "no shape of code says that a second start is wanted",
    "it uses ErrorCategory without importing it": "an undefined name: ruff F821 and pyright",
    "wait_for(task, 5) and then task.cancel()": "superfluous, and harmless",
    "metrics = metrics_result.data is not what the legacy method returned": "a question of values, not of shape",  # noqa: E501
}
"""What errata say of the guide and no rule can see, with the reason."""


def blocks() -> Iterator[tuple[int, str]]:
    """Yield the number of the first line and the text of each Python block."""
    start = None
    for number, line in enumerate(LINES, 1):
        if line.startswith("```python"):
            start = number + 1
        elif line.startswith("```") and start is not None:
            yield start, "\n".join(LINES[start - 1 : number - 1]) + "\n"
            start = None


@pytest.fixture(scope="module")
def found() -> set[tuple[int, str]]:
    result = set()
    for first, text in blocks():
        report = lint(project_of({"src/block.py": text}), all_rules(), today=TODAY)
        result |= {(first + one.span.line - 1, one.rule) for one in report.open}
    return result


@pytest.mark.parametrize(("line", "times", "rule"), FLAGGED)
def test_the_guides_line_is_flagged(found: set[tuple[int, str]], line: str, times: int, rule: str) -> None:
    flagged = [number for number, slug in found if slug == rule and LINES[number - 1].strip() == line]
    assert len(flagged) == times


def test_nine_kinds_of_defects_are_among_them() -> None:
    assert {rule for _, _, rule in FLAGGED} >= {
        "task-in-init",
        "endless-loop",
        "leaky-spawn-guard",
        "hot-error-loop",
        "unbounded-cleanup",
        "eager-import-in-init",
        "deaf-sleep",
        "dangling-task",
        "unchecked-kwarg",
    }


def test_nothing_else_about_tasks_is_flagged(found: set[tuple[int, str]]) -> None:
    expected = {(line, rule) for line, _, rule in FLAGGED}
    about_tasks = {rule.slug for rule in all_rules() if rule.code.startswith("ORC1")} - {"timeout-alias"}
    assert {(LINES[number - 1].strip(), slug) for number, slug in found if slug in about_tasks} == {
        pair for pair in expected if pair[1] in about_tasks
    }
