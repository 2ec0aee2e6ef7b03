"""`orchestra verify` and `--prove-import`: five steps, nothing executed that is not safe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Orchestra
from tests.cli.test_output import check
from tests.support.commands import committed
from tests.support.orchestrated import write_orchestrators
from tests.support.snapshots import snapshot

ODD = """\
import asyncio
import os
import time

from orchestrators import BaseOrchestrator, OrchestrationLayer, operation


class OddOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="odd")
        {init}

    @operation{options}
    async def look(self):
        {body}

    @operation
    async def deploy(self):
        open("deployed", "w").close()
{more}
"""


@pytest.fixture
def wired(orchestra: Orchestra, project: Path) -> Path:
    assert orchestra("init").code == 0
    write_orchestrators(project)
    return project


def write_odd(
    project: Path, *, init: str = "pass", body: str = "return 1", options: str = "", more: str = ""
) -> None:
    text = ODD.format(init=init, body=body, options=options, more=more)
    (project / "orchestrators/domain/odd.py").write_text(text)
    wiring = project / "orchestrators/orchestrators.py"
    wiring.write_text(
        wiring.read_text().replace(
            '    facade.register_factory("greeting", _greeting)\n',
            '    facade.register_factory("greeting", _greeting)\n    facade.register_factory("odd", _odd)\n',
        )
        + "\n\ndef _odd() -> object:\n"
        "    from orchestrators.domain.odd import OddOrchestrator\n\n    return OddOrchestrator()\n"
    )


def result(orchestra: Orchestra, *arguments: str, code: int = 0) -> Any:
    done = orchestra("verify", *arguments, "--output-format", "json")
    assert done.code == code, done.out + done.err
    return {each["name"]: each for each in check(json.loads(done.out))["orchestrators"]}


def outcomes(one: Any) -> list[tuple[str, str]]:
    return [(step["name"], step["outcome"]) for step in one["steps"]]


def test_without_a_safe_operation_it_is_four_of_five_steps(orchestra: Orchestra, wired: Path) -> None:
    write_odd(wired)
    found = result(orchestra, "--all")
    assert set(found) == {"greeting", "patrol", "odd"}
    for one in found.values():
        assert (one["passed"], one["done"], one["leaked"]) == (True, 4, [])
        assert outcomes(one) == [
            ("import", "ok"),
            ("instantiate", "ok"),
            ("register", "ok"),
            ("execute", "skipped"),
            ("cleanup", "ok"),
        ]
    assert not (wired / "deployed").exists()
    assert "odd  passed, 4 of 5 steps" in orchestra("verify", "odd").out


def test_only_what_is_marked_safe_is_executed(orchestra: Orchestra, wired: Path) -> None:
    write_odd(wired, options="(safe_to_verify=True)")
    one = result(orchestra, "odd")["odd"]
    assert one["done"] == 5
    assert [step["detail"] for step in one["steps"] if step["name"] == "execute"] == ["look"]
    assert not (wired / "deployed").exists()


def test_what_the_settings_call_safe_is_executed_too(orchestra: Orchestra, wired: Path) -> None:
    write_odd(wired)
    with (wired / "pyproject.toml").open("a") as file:
        file.write('safe-to-verify = ["odd.deploy", "greeting.fail"]\n')
    found = result(orchestra, "odd", "greeting", "patrol", code=1)
    assert found["odd"]["done"] == 5
    assert (wired / "deployed").exists()
    assert found["patrol"]["done"] == 4
    failed = found["greeting"]["steps"][3]
    assert (failed["name"], failed["outcome"]) == ("execute", "failed")
    assert "the line is dead" in failed["detail"]


@pytest.mark.parametrize(
    ("odd", "step", "said"),
    [
        ({"init": "raise OSError('no disk')"}, "instantiate", "OSError: no disk"),
        ({"more": "raise SystemExit(7)"}, "import", "SystemExit: 7"),
        ({"more": "import missing_module"}, "import", "No module named 'missing_module'"),
        ({"more": "os._exit(3)"}, "import", "exit code 3"),
        ({"init": "time.sleep(600)"}, "import", "not done within 0.5 s"),
        (
            {"options": "(safe_to_verify=True)", "body": "await asyncio.sleep(600)"},
            "execute",
            "TIMEOUT",
        ),
    ],
    ids=["constructor", "exit", "import", "crash", "blocked", "slow"],
)
def test_a_step_that_fails_is_shown_with_the_reason(
    orchestra: Orchestra, wired: Path, odd: dict[str, str], step: str, said: str
) -> None:
    write_odd(wired, **odd)
    limit = "0.5" if step == "execute" or "sleep" in str(odd) else "60"
    one = result(orchestra, "odd", "--timeout", limit, code=1)["odd"]
    failed = next(each for each in one["steps"] if each["outcome"] == "failed")
    assert failed["name"] == step
    assert said.lower() in failed["detail"].lower()
    assert "odd  failed" in orchestra("verify", "odd", "--timeout", limit).out


def test_a_task_that_is_left_behind_is_named_with_its_place(orchestra: Orchestra, wired: Path) -> None:
    write_odd(
        wired,
        options="(safe_to_verify=True)",
        body='self.task = asyncio.create_task(asyncio.sleep(600), name="forgotten")',
    )
    one = result(orchestra, "odd", code=1)["odd"]
    assert one["done"] == 5
    assert [task["task"] for task in one["leaked"]] == ["forgotten"]
    assert "leaked" in orchestra("verify", "odd").out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), "missing-value", "needs NAME or --all"),
        (("odd", "--all"), "missing-value", "both"),
        (("greting",), "unknown-orchestrator", "Did you mean `greeting`?"),
        (("greeting", "--timeout", "0"), "invalid-value", "--timeout"),
    ],
)
def test_asked_wrongly_it_is_an_error(
    orchestra: Orchestra, wired: Path, arguments: tuple[str, ...], code: str, said: str
) -> None:
    done = orchestra("verify", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error[{code}]: ")
    assert said in done.err


LEGACY = '''\
class {0}WorkflowOrchestrator:
    """Runs a workflow."""

    def run_workflow(self, day: str) -> str:
        return day
'''


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path) -> Path:
    (project / "shop").mkdir()
    (project / "shop/__init__.py").write_text("")
    for name in ("Night", "Day"):
        (project / f"shop/{name.lower()}.py").write_text(LEGACY.format(name))
    (project / "shop/caller.py").write_text("from shop.night import NightWorkflowOrchestrator\n")
    (project / "shop/broken.py").write_text("import gone\nfrom shop.day import DayWorkflowOrchestrator\n")
    (project / "script.py").write_text(
        "from shop.night import NightWorkflowOrchestrator\nopen('ran', 'w').close()\n"
    )
    assert orchestra("init").code == 0
    return committed(project)


def proven(orchestra: Orchestra, *arguments: str, code: int) -> Any:
    done = orchestra("migrate", *arguments, "--prove-import", "--output-format", "json")
    assert done.code == code, done.out + done.err
    assert "Importing" in done.err
    return check(json.loads(done.out))


def test_what_imports_after_is_proven_so_and_the_tree_is_not_touched(
    orchestra: Orchestra, legacy: Path
) -> None:
    before = snapshot(legacy)
    found = proven(orchestra, "--all", "--dry-run", code=0)
    levels = {each["path"]: each.get("proof") for each in found["changes"]}
    assert levels["orchestrators/domain/night_workflow.py"] == "imports"
    assert levels["shop/caller.py"] == "imports"
    assert levels["shop/night.py"] == "imports"
    assert levels["script.py"] == "same-tree"
    assert levels["shop/broken.py"] == "same-tree"
    assert found["imports"]["failed"] == {}
    assert snapshot(legacy) == before


def test_what_does_not_import_any_more_is_refused_and_the_rest_is_migrated(
    orchestra: Orchestra, legacy: Path
) -> None:
    (legacy / "shop/caller.py").write_text(
        "import sys\n"
        "from shop.night import NightWorkflowOrchestrator\n"
        "assert 'orchestrators.domain.night_workflow' not in sys.modules, 'moved'\n"
    )
    committed(legacy)
    found = proven(orchestra, "--all", code=1)
    assert [each["unit"] for each in found["refusals"]] == ["migrate:night_workflow"]
    assert "AssertionError: moved" in found["refusals"][0]["why"]
    assert found["imports"]["failed"] == {"shop/caller.py": "AssertionError: moved"}
    assert (legacy / "orchestrators/domain/day_workflow.py").is_file()
    assert "BaseOrchestrator" not in (legacy / "shop/night.py").read_text()


def test_an_orchestrator_that_cannot_be_built_is_not_established(orchestra: Orchestra, legacy: Path) -> None:
    text = LEGACY.format("Night").replace("    def run", "    def __init__(self, crew): ...\n\n    def run")
    (legacy / "shop/night.py").write_text(text)
    committed(legacy)
    found = proven(orchestra, "--all", "--dry-run", code=0)
    assert set(found["imports"]["not_reached"]) == {"night_workflow"}
    levels = {each["path"]: each.get("proof") for each in found["changes"]}
    assert levels["orchestrators/domain/night_workflow.py"] == "compiles"
    assert levels["orchestrators/domain/day_workflow.py"] == "imports"
