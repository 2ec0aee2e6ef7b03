"""A class that cannot become an orchestrator is called through one that holds it, and stays what it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import orchestra
import orchestra_codemods

BEFORE = Path(orchestra_codemods.__file__).parent / "cases" / "migrate" / "adapters" / "before"
CALLS = """
import asyncio
from core.orchestration import OrchestrationContext, OrchestrationFacade
from core.orchestration.domain import based, named
from shop.named import get_named

async def main():
    context = OrchestrationContext(tenant_id="t", request_id="r", metadata={})
    async with OrchestrationFacade() as facade:
        facade.register(named.build())
        facade.register(based.build())
        for given in (
            {"operation": "orchestrate", "request": "tea", "times": 2},
            {"operation": "cleanup", "days": 3},
            {"operation": "greet", "who": "Ann"},
            {"operation": "greet"},
        ):
            result = await facade.orchestrate("named", context, **given)
            print(result.success, result.data, result.error)
        print(await facade.call("named", "orchestrate", None, "tea", times=2), get_named().cleanup(1))
        print(await facade.call("based", "run", None))

asyncio.run(main())
"""
ANSWERS = """\
True {'result': ['tea', 'tea']} None
True {'result': 'shared keeps 3'} None
True {'result': 'shared greets Ann'} None
"""


def run(root: Path, *command: str) -> str:
    framework = str(Path(orchestra.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, *command],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f".{os.pathsep}{framework}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr.startswith("Traceback"), done.stderr
    return done.stdout


def test_the_facade_calls_what_the_adapter_holds(
    make_project: Any, migrate: Any, read_tree: Any, tmp_path: Path
) -> None:
    project = make_project(read_tree(BEFORE))
    plan = migrate(project)
    held = {"shop/named.py", "shop/slotted.py", "shop/based.py", "shop/targets.py", "shop/renamed.py"}
    assert not held.intersection(change.path for change in plan.changes)
    after = project.updated(plan.changes).sources
    for path in after:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(after[path].data)
    answers = run(tmp_path, "-c", CALLS)
    assert answers.startswith(ANSWERS)
    assert "False {} Wrong parameters" in answers
    assert answers.endswith("['tea', 'tea'] shared keeps 1\nmine\n")
    (tmp_path / "pyproject.toml").write_text('[tool.orchestra]\npackage = "core.orchestration"\n')
    lint = run(tmp_path, "-m", "orchestra_cli", "lint", "--output-format", "concise")
    assert not any(f"domain/{name}.py" in lint for name in ("named", "slotted", "based", "target"))


def test_what_a_person_has_to_build_is_told(make_project: Any, migrate: Any, read_tree: Any) -> None:
    (told,) = migrate(make_project(read_tree(BEFORE))).findings
    assert told.message == (
        "write `build` in core/orchestration/domain/slotted.py: SlottedOrchestrator needs size"
    )


BASES = {
    "abstract": "class BaseOrchestrator2(abc.ABC):\n    @abc.abstractmethod\n    def run(self): ...\n",
    "without operations": "class BaseOrchestrator2:\n    def _run(self): ...\n",
}


@pytest.mark.parametrize("kind", BASES)
def test_an_heir_of_a_class_that_stays_is_migrated_as_of_any_other_base(
    kind: str, make_project: Any, migrate: Any
) -> None:
    base = BASES[kind].replace("BaseOrchestrator2", "KindOrchestrator")
    heir = "class DayOrchestrator(KindOrchestrator):\n    def run(self):\n        return 1\n"
    plan = migrate(make_project({"shop/day.py": f"import abc\n\n\n{base}\n\n{heir}".encode()}))
    assert {refusal.unit for refusal in plan.refusals} == {"migrate:kind"}
    after = {change.path: change.after.text for change in plan.changes if change.after}
    text = after["core/orchestration/domain/day.py"]
    assert "class DayOrchestrator(BaseOrchestrator, KindOrchestrator):" in text


def test_an_adapter_is_written_as_a_person_writes(make_project: Any, migrate: Any) -> None:
    day = "class AnyOrchestrator:\n    __slots__ = ()\n\n    def run(self):\n        return 1\n"
    plan = migrate(make_project({"app/day.py": day.encode()}))
    after = {change.path: change.after.text for change in plan.changes if change.after}
    lines = after["core/orchestration/domain/any.py"].splitlines()
    assert lines[0] == '"""The orchestrator `any`: it hands its operations on to an AnyOrchestrator."""'
    imports = [line for line in lines if line.startswith(("from app", "from core"))]
    assert len(imports) == 2
    assert imports == sorted(imports)
