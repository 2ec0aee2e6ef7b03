"""The pytest plugin, in a project of its own, in both modes of pytest-asyncio."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = """
import asyncio, pytest
from orchestra import BaseOrchestrator, OrchestrationLayer, get_orchestration_facade, operation
from orchestra.testing import assert_no_leaked_tasks

class Echo(BaseOrchestrator):
    def __init__(self):
        super().__init__(OrchestrationLayer.DOMAIN, "echo")
    @operation
    async def say(self, what):
        return what

{mark}
async def test_fixtures(facade, orchestration_context, fake_clock, no_leaked_tasks):
    assert get_orchestration_facade() is facade
    facade.register(Echo())
    assert (await facade.orchestrate("echo", orchestration_context, what=1)).unwrap() == 1
    await fake_clock.advance(60)

{mark}
async def test_the_facade_is_fresh(facade):
    assert facade.get("echo") is None

{mark}
async def test_a_leak_is_seen():
    with pytest.raises(AssertionError, match="left-over"):
        async with assert_no_leaked_tasks():
            task = asyncio.create_task(asyncio.sleep(60), name="left-over")
    task.cancel()
"""


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_it_works_in_both_modes_of_pytest_asyncio(tmp_path: Path, mode: Any) -> None:
    mark = "@pytest.mark.asyncio" if mode == "strict" else ""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["orchestra.testing.plugin"]\n')
    (tmp_path / "test_it.py").write_text(TESTS.format(mark=mark))
    arguments = [
        "-q",
        "-W",
        "error",
        "-o",
        f"asyncio_mode={mode}",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert "3 passed" in done.stdout, done.stdout + done.stderr
