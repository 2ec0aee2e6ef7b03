"""The project's own tests as proof: in copies, before and after; what makes one worse is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Orchestra
from tests.cli.test_output import check
from tests.support.commands import committed, git
from tests.support.snapshots import snapshot

FLOW = '''\
"""{0} work."""


class {0}WorkflowOrchestrator:
    """Runs a workflow."""

    async def run_workflow(self, day: str) -> str:
        return f"done: {{day}}"
'''
TESTS = """\
import asyncio
import sys

from day import DayWorkflowOrchestrator
from night import NightWorkflowOrchestrator


def test_day():
    assert asyncio.run(DayWorkflowOrchestrator().run_workflow("x")) == "done: x"


def test_night():
    assert asyncio.run(NightWorkflowOrchestrator().run_workflow("x")) == "done: x"


def test_night_has_not_moved():
    assert "orchestrators.domain.night_workflow" not in sys.modules
"""
PYTEST = "python -m pytest -q -p no:cacheprovider -p no:randomly"
SCRIPT = "python check.py"


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("Night", "Day"):
        (project / f"{name.lower()}.py").write_text(FLOW.format(name))
    (project / "test_flows.py").write_text(TESTS)
    (project / "check.py").write_text(
        "from day import DayWorkflowOrchestrator\nfrom night import NightWorkflowOrchestrator\n"
    )
    assert orchestra("init").code == 0
    for name in [name for name in os.environ if name.startswith(("PYTEST", "COV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return committed(project)


def result(orchestra: Orchestra, *arguments: str, code: int) -> Any:
    done = orchestra("migrate", *arguments, "--output-format", "json")
    assert done.code == code, done.out + done.err
    return check(json.loads(done.out))


def test_what_the_tests_load_is_tested(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    found = result(orchestra, "day_workflow", "--dry-run", "--test-command", PYTEST, code=0)
    levels = {each["path"]: each.get("proof") for each in found["changes"]}
    assert levels["orchestrators/domain/day_workflow.py"] == "tested"
    assert levels["test_flows.py"] == "tested"
    assert levels["day.py"] == "compiles"
    assert found["tests"]["not_loaded"] == ["check.py", "day.py"]
    assert found["tests"]["before"]["passed"] == found["tests"]["after"]["passed"] == 3
    assert found["verified"]["tested"] == list(levels.values()).count("tested")
    assert snapshot(legacy) == before


def test_what_makes_a_test_worse_is_named_and_refused_and_the_rest_is_migrated(
    orchestra: Orchestra, legacy: Path
) -> None:
    found = result(orchestra, "--all", "--test-command", PYTEST, code=1)
    assert [each["unit"] for each in found["refusals"]] == ["migrate:night_workflow"]
    assert "test_flows::test_night_has_not_moved: passed before, failed after" in found["refusals"][0]["why"]
    assert found["tests"]["worse"] == [
        {"test": "test_flows::test_night_has_not_moved", "before": "passed", "after": "failed"}
    ]
    assert found["tests"]["after"]["passed"] == 3
    assert (legacy / "orchestrators/domain/day_workflow.py").is_file()
    assert git(legacy, "status", "--porcelain", "night.py") == ""


def test_a_commit_is_proven_before_it_is_made(orchestra: Orchestra, legacy: Path) -> None:
    found = result(orchestra, "--all", "--commit", "--test-command", PYTEST, code=1)
    assert [each["names"] for each in found["commits"]] == [["day_workflow"]]
    assert [each["unit"] for each in found["refusals"]] == ["migrate:night_workflow"]


def test_where_nothing_else_is_left_nothing_is_changed(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    found = result(orchestra, "night_workflow", "--test-command", PYTEST, code=1)
    assert (found["id"], found["changes"]) == (None, [])
    assert snapshot(legacy) == before


def test_tests_that_fail_before_are_no_worse_after(orchestra: Orchestra, legacy: Path) -> None:
    (legacy / "test_flows.py").write_text(TESTS.replace("not in sys.modules", "in sys.argv"))
    committed(legacy)
    found = result(orchestra, "--all", "--dry-run", "--test-command", PYTEST, code=0)
    assert found["tests"]["before"]["failed"] == found["tests"]["after"]["failed"] == 1


def test_a_command_that_reports_no_tests_is_compared_by_its_exit_code(
    orchestra: Orchestra, legacy: Path
) -> None:
    assert result(orchestra, "--all", "--dry-run", "--test-command", SCRIPT, code=0)["tests"]["worse"] == []
    with (legacy / "check.py").open("a") as file:
        file.write("import sys\nassert 'orchestrators.domain.night_workflow' not in sys.modules, 'moved'\n")
    committed(legacy)
    found = result(orchestra, "--all", "--dry-run", "--test-command", SCRIPT, code=1)
    assert [each["unit"] for each in found["refusals"]] == ["migrate:night_workflow"]
    assert "AssertionError: moved" in found["refusals"][0]["why"]


UNSTEADY = """\

RUNS = pathlib.Path({runs!r})


@pytest.fixture(scope="module")
def run():
    RUNS.write_text(RUNS.read_text() + "x")
    return len(RUNS.read_text())


@pytest.mark.parametrize("bad", {bad!r})
def test_by_chance(run, bad):
    assert run not in bad
"""


@pytest.mark.parametrize(
    ("bad", "most"),
    [([[2]], 3), ([[2, 3, 4]], 4), ([[2], [3]], 3)],
    ids=["once", "before too", "in turn"],
)
def test_a_test_that_fails_by_chance_condemns_nobody_and_is_named(
    orchestra: Orchestra, legacy: Path, tmp_path_factory: pytest.TempPathFactory, bad: Any, most: int
) -> None:
    runs = tmp_path_factory.mktemp("outside") / "runs"
    runs.write_text("")
    tests = TESTS.rpartition("\n\ndef ")[0] + UNSTEADY.format(runs=str(runs), bad=bad)
    (legacy / "test_flows.py").write_text("import pathlib\n\nimport pytest\n\n" + tests)
    committed(legacy)
    found = result(orchestra, "--all", "--dry-run", "--test-command", PYTEST, code=0)
    assert (found["refusals"], found["tests"]["worse"]) == ([], [])
    assert found["tests"]["unsteady"] == ["test_flows::test_by_chance[bad0]"]
    assert len(runs.read_text()) == most
    assert "orchestrators/domain/night_workflow.py" in {each["path"] for each in found["changes"]}


WRITES = (
    "import pathlib\nfrom day import DayWorkflowOrchestrator\npathlib.Path({path!r}).write_text('written')\n"
)
BAD = {
    "fails": ("raise SystemExit('no luck')\n", SCRIPT, "test-command-failed", "ended with exit code 1"),
    "not found": ("", "pytset -q", "invalid-value", "`pytset` was not found"),
    "a shell's word": ("", "cd tests && pytest", "invalid-value", "sh -c"),
    "empty": ("", "", "invalid-value", "is empty"),
    "open quote": ("", "python '", "invalid-value", "Close the quotes."),
    "loads nothing": ("print('fine')\n", SCRIPT, "proof-not-established", "loads nothing"),
    "no Python": ("", "true", "proof-not-established", "loads nothing"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_command_that_proves_nothing_is_an_error_and_nothing_is_changed(
    orchestra: Orchestra, legacy: Path, case: str
) -> None:
    script, command, code, said = BAD[case]
    (legacy / "check.py").write_text(script)
    committed(legacy)
    before = snapshot(legacy)
    done = orchestra("migrate", "--all", "--test-command", command)
    assert (done.code, done.out) == (1 if code == "proof-not-established" else 2, "")
    assert f"error[{code}]: " in done.err
    assert said in done.err
    if case == "fails":
        assert "no luck" in done.err
    assert snapshot(legacy) == before


def test_a_command_that_hangs_is_stopped_with_all_that_it_started(
    orchestra: Orchestra, legacy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestra_cli.proving.command.GRACE", 0.2)
    mark = legacy.parent / "child"
    (legacy / "check.py").write_text(
        "import os, signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(mark)!r}, 'w').write(str(child.pid))\n"
        "print('waiting', flush=True)\n"
        "child.wait()\n"
    )
    committed(legacy)
    before = snapshot(legacy)
    done = orchestra("migrate", "--all", "--test-command", SCRIPT, "--test-timeout", "1.5")
    assert done.code == 2
    assert "error[test-command-failed]: " in done.err
    assert "--test-timeout" in done.err
    assert snapshot(legacy) == before
    child = int(mark.read_text())
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and _is_running(child):
        assert time.monotonic() < deadline


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_ends_with_whoever_started_it(number: signal.Signals, legacy: Path) -> None:
    mark = legacy.parent / "child"
    (legacy / "check.py").write_text(
        f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    )
    committed(legacy)
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestra_cli", "migrate", "--all", "--test-command", SCRIPT],
        cwd=legacy,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not mark.exists() or not mark.read_text():
        assert time.monotonic() < deadline
    process.send_signal(number)
    assert process.wait(60) == 130
    child = int(mark.read_text())
    while Path(f"/proc/{child}").exists() and _is_running(child):
        assert time.monotonic() < deadline
    assert git(legacy, "status", "--porcelain") == ""


def _is_running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def test_a_command_that_writes_into_the_project_is_found_out(orchestra: Orchestra, legacy: Path) -> None:
    (legacy / "check.py").write_text(WRITES.format(path=str(legacy / "written.txt")))
    committed(legacy)
    done = orchestra("migrate", "--all", "--test-command", SCRIPT)
    assert done.code == 2
    assert "error[test-command-wrote]: the test command wrote into the project: written.txt." in done.err
    assert git(legacy, "status", "--porcelain") == "?? written.txt\n"


def test_a_command_may_write_into_its_copy(orchestra: Orchestra, legacy: Path) -> None:
    (legacy / "check.py").write_text(WRITES.format(path="written.txt"))
    committed(legacy)
    before = snapshot(legacy)
    assert result(orchestra, "--all", "--dry-run", "--test-command", SCRIPT, code=0)["tests"]["worse"] == []
    assert snapshot(legacy) == before


def test_tests_that_load_the_project_from_elsewhere_establish_nothing(
    orchestra: Orchestra, legacy: Path
) -> None:
    """As an editable install does that comes before the folders of the copy."""
    command = f'{sys.executable} -c "import sys; sys.path.insert(0, {str(legacy)!r}); import day, night"'
    before = snapshot(legacy, without=("__pycache__",))
    done = orchestra("migrate", "--all", "--test-command", command)
    assert done.code == 1
    assert f"error[proof-not-established]: `day` was loaded from {legacy}/day.py" in done.err
    assert snapshot(legacy, without=("__pycache__",)) == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--test-timeout", "5"), "missing-value"),
        (("--test-command", "true", "--test-timeout", "0"), "invalid-value"),
    ],
)
def test_options_that_make_no_sense_are_errors(
    orchestra: Orchestra, legacy: Path, arguments: tuple[str, ...], code: str
) -> None:
    done = orchestra("migrate", "--all", *arguments)
    assert done.code == 2
    assert f"error[{code}]: --test-timeout" in done.err
