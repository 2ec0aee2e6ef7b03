"""Which starts of a task the framework takes over, which stay as they are, and which stand in the way."""

from __future__ import annotations

from textwrap import indent
from types import SimpleNamespace
from typing import Any

import pytest

from orchestra_codemods.change import apply_edits
from orchestra_codemods.migrations.background import background_edits, background_obstacles

CLASS = "class X:\n    async def _a(self): ...\n\n    {} go(self):\n{}\n"
START = "asyncio.create_task(self._a())"
TRIED = "try:\n    {start}\nexcept {error}:\n    {start}"
SUPPRESSED = "with contextlib.suppress({error}):\n    {start}"
DEFERRED = "try:\n    self.later = lambda: {start}\nexcept {error}:\n    pass"


def outcome(header: str, body: str) -> str:
    """Return how the first start in a method fares."""
    text = CLASS.format(header, indent(body, " " * 8))
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "create_task" in line]
    target: Any = SimpleNamespace(
        class_name="X", background_tasks=(SimpleNamespace(line=lines[0], created_in="go", method="_a"),)
    )
    for obstacle in background_obstacles(text, target):
        return obstacle.why
    after = apply_edits(text, list(background_edits(text, target)))
    return "as it was" if after == text else after.splitlines()[lines[0] - 1].strip()


@pytest.mark.parametrize("shape", [TRIED, SUPPRESSED])
@pytest.mark.parametrize(
    ("header", "error", "is_tried"),
    [
        ("def", "Exception", True),
        ("def", "RuntimeError", True),
        ("def", "(ValueError, Exception)", True),
        ("def", "OUR_ERRORS", True),
        ("def", "asyncio.CancelledError", False),
        ("def", "(ValueError, KeyError)", False),
        ("async def", "Exception", False),
        ("async def", "OUR_ERRORS", False),
        ("async def", "(ValueError, RuntimeError)", True),
    ],
)
def test_a_start_stands_in_the_way_where_its_failure_without_a_loop_may_be_caught(
    shape: str, header: str, error: str, is_tried: bool
) -> None:
    if shape == SUPPRESSED and error.startswith("("):
        error = error.strip("()")
    found = outcome(header, shape.format(start=START, error=error))
    assert found.startswith("the task that is started here may fail") == is_tried
    assert is_tried or found == "self.runtime.spawn(self._a)"


def test_a_function_that_is_called_later_has_no_loop_for_certain() -> None:
    assert "may fail where no loop runs" in outcome(
        "async def", DEFERRED.format(start=START, error="Exception")
    )


@pytest.mark.parametrize(
    "call", ['self.tasks.create_task(self._a(), "a")', "manager.create_task(self, self._a)"]
)
def test_tasks_of_a_manager_of_the_project_stay_as_they_are(call: str) -> None:
    assert outcome("def", call) == "as it was"


@pytest.mark.parametrize("call", ["self.tasks.create_task(self._a())", "tasks.create_task(self._a(), *rest)"])
def test_what_may_be_a_loop_stands_in_the_way(call: str) -> None:
    assert outcome("def", call).startswith("the task that is started here")
