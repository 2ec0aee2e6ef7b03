"""The guide's ladder routes as the inherited routing does, and our own lint has nothing against it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import orchestra
import orchestra_codemods

BEFORE = Path(orchestra_codemods.__file__).parent / "cases" / "migrate" / "explicit_routing" / "before"
CALLS = """
import asyncio
from core.orchestration import OrchestrationContext, OrchestrationFacade
from shop.family import ChildOrchestrator
from shop.sales import OneOrchestrator, SalesOrchestrator

CALLS = [
    (SalesOrchestrator, {"operation": "price", "item": "tea", "amount": 2}),
    (SalesOrchestrator, {"operation": "sell", "item": "tea"}),
    (SalesOrchestrator, {"operation": "nothing"}),
    (SalesOrchestrator, {"item": "tea"}),
    (OneOrchestrator, {"text": "a"}),
    (ChildOrchestrator, {"operation": "first", "value": 1}),
    (ChildOrchestrator, {"operation": "second", "value": 1}),
    (ChildOrchestrator, {"operation": "third"}),
]
MISFITS = [
    (SalesOrchestrator, {"operation": "price", "item": "tea", "amuont": 2}),
    (SalesOrchestrator, {"operation": "price", "amount": 2}),
    (SalesOrchestrator, {"operation": "sell", "item": "tea", "price": 1}),
    (OneOrchestrator, {"txt": "a"}),
    (ChildOrchestrator, {"operation": "first"}),
    (ChildOrchestrator, {"operation": "second", "value": 1, "more": 2}),
]

async def main():
    context = OrchestrationContext(tenant_id="t", request_id="r", metadata={})
    for kind, given in CALLS:
        async with OrchestrationFacade() as facade:
            one = kind()
            facade.register(one)
            result = await facade.orchestrate(one.name, context, **given)
            direct = await kind().orchestrate(context, **given)
            print(result.success, result.data, getattr(result.error_category, "name", None))
            print(direct.success, direct.data, getattr(direct.error_category, "name", None))
    for kind, given in MISFITS:
        async with OrchestrationFacade() as facade:
            one = kind()
            facade.register(one)
            result = await facade.orchestrate(one.name, context, **given)
            print("misfit", getattr(result.error_category, "name", None), result.error)

asyncio.run(main())
"""
Run = Callable[..., str]


@pytest.fixture
def run(make_project: Any, migrate: Any, read_tree: Any, tmp_path: Path) -> Run:
    """Migrate the project of the case in one of two ways, write it down, and run a command in it."""

    def run(routing: str, *command: str) -> str:
        root = tmp_path / routing
        project = make_project(read_tree(BEFORE))
        changes = migrate(project, routing=routing, placement="in-place").changes
        after = project.updated(changes).sources
        for path in after:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(after[path].data)
        (root / "pyproject.toml").write_text('[tool.orchestra]\npackage = "core.orchestration"\n')
        framework = str(Path(orchestra.__file__).parents[1])
        environment = {**os.environ, "PYTHONPATH": f".{os.pathsep}{framework}"}
        done = subprocess.run(
            [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    return run


def test_a_ladder_answers_as_the_inherited_routing(run: Run) -> None:
    answers = run("explicit", "-c", CALLS)
    assert answers == run("inherited", "-c", CALLS)
    assert answers.count("VALIDATION") == 12
    assert answers.count("True") == 10


def test_arguments_that_do_not_fit_a_ladder_are_named_in_a_validation_error(run: Run) -> None:
    lines = [line for line in run("explicit", "-c", CALLS).splitlines() if line.startswith("misfit")]
    assert len(lines) == 6
    assert all(line.startswith("misfit VALIDATION Wrong parameters for operation") for line in lines)
    named = ("'amuont'", "'item'", "'price'", "'text'", "'value'", "'more'")
    assert all(name in line for name, line in zip(named, lines, strict=True)), lines


def test_the_lint_has_nothing_against_a_ladder(run: Run) -> None:
    lint = ("-m", "orchestra_cli", "lint", "--output-format", "concise", "shop")
    assert "orchestrate" not in run("explicit", *lint, "--select", "ORC0,ORC1,ORC3")
