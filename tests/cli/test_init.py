"""`orchestra init`: what it writes works and is clean, what exists stays, and it can be taken back."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_cli.errors import SettingsNotEditableError
from orchestra_cli.scaffold.settings import with_settings
from tests.cli.conftest import Orchestra
from tests.support.snapshots import snapshot

PACKAGE = [
    "__init__.py",
    "application/__init__.py",
    "domain/__init__.py",
    "facade.py",
    "infrastructure/__init__.py",
    "orchestrators.py",
    "protocols.py",
    "results.py",
]

GUIDE = """\
import asyncio
from core.orchestration import (
    BaseOrchestrator,
    OrchestrationContext,
    OrchestrationLayer,
    OrchestrationType,
    get_orchestration_facade,
)
from ultimate_discord_intelligence_bot.step_result import ErrorCategory, StepResult


class MyOrchestrator(BaseOrchestrator):
    def __init__(self):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="my_orchestrator",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )

    async def orchestrate(self, context, **kwargs) -> StepResult:
        self._log_orchestration_start(context, **kwargs)
        result = StepResult.ok(result={"status": "success"})
        self._log_orchestration_end(context, result)
        return result


async def main():
    facade = get_orchestration_facade()
    facade.register(MyOrchestrator())
    context = OrchestrationContext(tenant_id="my-tenant", request_id="req-123", metadata={"source": "x"})
    result = await facade.orchestrate("my_orchestrator", context)
    assert result.data == {"result": {"status": "success"}}, result
    assert OrchestrationType.COORDINATION.value == "coordination"
    assert get_orchestration_facade() is facade
    await facade.aclose()


asyncio.run(main())
"""


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def run_python(folder: Path, code: str, path: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_it_writes_settings_and_package_and_undo_takes_them_back(orchestra: Orchestra, project: Path) -> None:
    before = snapshot(project)
    done = orchestra("init")
    assert done.code == 0, done.err
    assert files_below(project / "orchestrators") == PACKAGE
    settings = tomllib.loads((project / "pyproject.toml").read_text())["tool"]["orchestra"]
    assert settings == {"package": "orchestrators", "app": "orchestrators.facade:build_facade"}
    assert orchestra("undo").code == 0
    assert snapshot(project) == before


def test_a_second_run_changes_nothing(orchestra: Orchestra, project: Path) -> None:
    options = ("--package", "core.orchestration", "--source-root", "src", "--step-result", "bot.step_result")
    assert orchestra("init", *options).code == 0
    before = snapshot(project)
    for arguments in (options, (), ("--check",), options[:2]):
        done = orchestra("init", *arguments)
        assert (done.code, done.out) == (0, "nothing to change\n")
    assert snapshot(project) == before


def test_the_guides_code_runs_unchanged_with_the_package_in_place(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "src").mkdir()
    options = (
        "--package",
        "core.orchestration",
        "--step-result",
        "ultimate_discord_intelligence_bot.step_result",
    )
    assert orchestra("init", *options).code == 0
    assert (project / "src/ultimate_discord_intelligence_bot/step_result.py").is_file()
    run_python(project, GUIDE, str(project / "src"))


def test_the_projects_own_result_class_is_used_and_left_alone(orchestra: Orchestra, project: Path) -> None:
    own = project / "bot" / "step_result.py"
    own.parent.mkdir()
    own.write_text(
        "from dataclasses import dataclass, field\n\n\n@dataclass\nclass StepResult:\n    success: bool\n"
        "    data: dict = field(default_factory=dict)\n    error: str | None = None\n\n"
        "    @classmethod\n    def ok(cls, **data):\n        return cls(True, data)\n\n"
        "    @classmethod\n    def fail(cls, error, **data):\n        return cls(False, data, error)\n"
    )
    before = own.read_text()
    assert orchestra("init", "--step-result", "bot.step_result").code == 0
    assert own.read_text() == before
    run_python(
        project,
        "from orchestrators import StepResult, get_orchestration_facade\n"
        "from bot.step_result import StepResult as own\n"
        "assert StepResult is own and get_orchestration_facade().results.kind is own",
        str(project),
    )


def test_an_orchestrator_that_is_called_without_the_facade_returns_the_projects_result(
    orchestra: Orchestra, project: Path
) -> None:
    own = project / "bot" / "step_result.py"
    own.parent.mkdir()
    own.write_text(
        "import orchestrators\nimport orchestra\n\n\nclass StepResult(orchestra.StepResult):\n    pass\n"
    )
    assert orchestra("init", "--step-result", "bot.step_result").code == 0
    run_python(
        project,
        "import asyncio\n"
        "from orchestrators import BaseOrchestrator, OrchestrationContext, OrchestrationLayer, operation\n"
        "class Direct(BaseOrchestrator):\n"
        "    def __init__(self):\n"
        "        super().__init__(OrchestrationLayer.DOMAIN, 'direct')\n"
        "    @operation\n"
        "    async def work(self):\n"
        "        return 1\n"
        "result = asyncio.run(Direct().orchestrate(OrchestrationContext('t', 'r')))\n"
        "from bot.step_result import StepResult\n"
        "assert type(result) is StepResult, type(result)",
        str(project),
    )


@pytest.mark.parametrize("step_result", [None, "bot.step_result", "orchestrators.results"])
def test_what_it_writes_is_clean(orchestra: Orchestra, project: Path, step_result: str | None) -> None:
    assert orchestra("init", *(("--step-result", step_result) if step_result else ())).code == 0
    binaries = Path(sys.executable).parent
    checks = [
        [
            "ruff",
            "check",
            "--isolated",
            "--select",
            "E,F,W,I,B,UP,SIM,RUF,PL,D1,ANN",
            "--ignore",
            "PLC0415",
            ".",
        ],
        ["ruff", "format", "--isolated", "--check", "."],
        ["mypy", "--strict", "--cache-dir", os.devnull, "--python-executable", sys.executable, "."],
    ]
    if step_result is None:
        checks.append(["pyright", "--pythonpath", sys.executable, "."])
    for check in checks:
        done = subprocess.run(
            [binaries / check[0], *check[1:]], cwd=project, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{check}\n{done.stdout}{done.stderr}"


def test_a_package_written_by_hand_is_adopted_and_conflicts_are_listed(
    orchestra: Orchestra, project: Path
) -> None:
    by_hand = {
        "__init__.py": "from core.orchestration.base import BaseOrchestrator\n",
        "facade.py": "def build_facade(): ...\ndef get_orchestration_facade(): ...\n",
        "orchestrators.py": "this is ( not Python",
    }
    folder = project / "core" / "orchestration"
    folder.mkdir(parents=True)
    for name, text in by_hand.items():
        (folder / name).write_text(text)
    done = orchestra("init", "--package", "core.orchestration")
    assert done.code == 1
    assert {name: (folder / name).read_text() for name in by_hand} == by_hand
    assert files_below(folder) == PACKAGE
    refused = [line for line in done.out.splitlines() if line.startswith("refused")]
    assert len(refused) == 2
    assert (
        "core/orchestration/__init__.py:1: the file exists and does not define OrchestrationContext"
        in refused[0]
    )
    assert "register_orchestrators" in refused[1]
    assert not (project / "core" / "__init__.py").exists(), "a namespace package stays one"


@pytest.mark.parametrize("options", [("--package", "other"), ("--step-result", "other.module")])
def test_another_package_than_the_settings_say_is_an_error(
    orchestra: Orchestra, project: Path, options: tuple[str, ...]
) -> None:
    orchestra("init", "--package", "first", "--step-result", "bot.result")
    before = snapshot(project)
    done = orchestra("init", *options)
    assert done.code == 2
    assert done.err.startswith("error[already-initialised]: ")
    assert snapshot(project) == before


def test_variables_say_what_no_option_and_no_file_says(
    orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRA_PACKAGE", "../escape")
    assert orchestra("init").err.startswith("error[config-invalid-value]: ")
    monkeypatch.setenv("ORCHESTRA_PACKAGE", "flows")
    assert orchestra("init", "--package", "chosen", "--dry-run").out.count("chosen/facade.py") == 1
    assert orchestra("init").code == 0
    assert (project / "flows" / "facade.py").is_file()
    monkeypatch.setenv("ORCHESTRA_PACKAGE", "later")
    assert orchestra("init").out == "nothing to change\n", "the file says which it is"


@pytest.mark.parametrize("name", ["core.orchestration", "core"])
def test_a_package_that_would_hide_a_module_is_refused(
    orchestra: Orchestra, project: Path, name: str
) -> None:
    (project / "core.py").write_text("x = 1\n")
    before = snapshot(project)
    done = orchestra("init", "--package", name)
    assert done.code == 2
    assert done.err.startswith("error[package-hides-module]: ")
    assert snapshot(project) == before


@pytest.mark.parametrize("package", ["a/b", "../escape", "class", "import.x", "with space", "json", ""])
def test_a_bad_package_name_is_refused_and_nothing_is_written(
    orchestra: Orchestra, project: Path, package: str
) -> None:
    before = snapshot(project.parent)
    done = orchestra("init", "--package", package)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[config-invalid-value]: ")
    assert snapshot(project.parent) == before


@pytest.mark.parametrize("source_root", ["../outside", "/tmp", "link"])
def test_a_source_root_outside_the_project_is_refused(
    orchestra: Orchestra, project: Path, tmp_path: Path, source_root: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / "link").symlink_to(tmp_path / "elsewhere")
    done = orchestra("init", "--source-root", source_root)
    assert done.code == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_it_writes_into_the_source_root_that_holds_the_package_already(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "src").mkdir()
    (project / "lib" / "core").mkdir(parents=True)
    (project / "orchestra.toml").write_text('source-roots = ["src", "lib"]\n')
    assert orchestra("init", "--package", "core.orchestration").code == 0
    assert (project / "lib/core/orchestration/facade.py").is_file()
    assert tomllib.loads((project / "orchestra.toml").read_text()) == {
        "package": "core.orchestration",
        "app": "core.orchestration.facade:build_facade",
        "source-roots": ["src", "lib"],
    }


TEXTS = st.sampled_from(
    [
        "",
        "# only a comment",
        "[project]\nname = 'x'  # kept\n",
        "[tool.other]\na = 1\n\n\n",
        "[tool.orchestra]\n",
        "[tool.orchestra]   # ours\nowner = 'me'\n[tool.last]\nb = 2",
        "[project]\r\nname = 'x'\r\n",
        "[tool.orchestra]\r\nowner = 'me'\r\n",
        "[[tool.mypy.overrides]]\nmodule = 'x'\n",
        "text = '''\n[tool.orchestra]\n'''\n",
        "[tool]\norchestra.owner = 'me'\n",
        "tool = { orchestra = { owner = 'me' } }\n",
    ]
)


@given(
    text=TEXTS, values=st.dictionaries(st.sampled_from(["package", "app"]), st.text('ab.:"\\é'), max_size=2)
)
def test_settings_are_added_and_the_rest_stays_byte_for_byte(text: str, values: dict[str, str]) -> None:
    try:
        result = with_settings(text, values, is_own_file=False)
    except SettingsNotEditableError:
        return
    parsed = tomllib.loads(result.replace("\r\n", "\n"))
    for key, value in values.items():
        assert parsed["tool"]["orchestra"][key] == value
    added = [line for line in result.splitlines() if line not in text.splitlines()]
    assert len([line for line in added if line]) <= len(values) + 1
    kept = [line for line in result.splitlines(keepends=True) if line.rstrip("\r\n") in text.splitlines()]
    assert "".join(kept).rstrip("\r\n").startswith(text.rstrip("\r\n")) or not values


def test_settings_that_cannot_be_added_are_an_error_with_the_lines_to_add(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "pyproject.toml").write_text("tool = { orchestra = { owner = 'me' } }\n")
    before = snapshot(project)
    done = orchestra("init")
    assert done.code == 2
    assert done.err.startswith("error[settings-not-editable]: ")
    assert 'package = "orchestrators"' in done.err
    assert snapshot(project) == before
