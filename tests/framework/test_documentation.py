"""The pages about the framework: every Python block runs, and every link leads somewhere."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

DOCS = Path(__file__).parents[2] / "docs" / "framework"
PAGES = sorted(DOCS.glob("*.md"))


@pytest.fixture(autouse=True)
def _unconfigured_structlog() -> Iterator[None]:
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_of_a_page_runs_from_top_to_bottom(page: Any) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    namespace = {"__name__": f"docs_{page.stem}"}

    async def run() -> None:
        for block in blocks:
            code = compile(block, str(page), "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            made = eval(code, namespace)
            if inspect.isawaitable(made):
                await made

    asyncio.run(run())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_pages_that_exist(page: Any) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).is_file(), target


def test_there_is_a_page_for_each_part_of_the_guide() -> None:
    wanted = {
        "quick-start",
        "layers",
        "patterns",
        "operations",
        "background-tasks",
        "context",
        "dependencies",
        "testing",
    }
    assert wanted | {"best-practices", "api", "troubleshooting"} <= {page.stem for page in PAGES}
