"""`orchestra demo`: the whole way on the bundled application, and a summary that tells the truth."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from orchestra_cli.demonstration.show import Facts
from orchestra_cli.demonstration.step import Step
from orchestra_cli.reports.demonstration import DemonstrationReport, step_lines
from orchestra_cli.terminal import Style
from tests.cli.conftest import Orchestra
from tests.support.commands import in_own_process
from tests.support.environments import ROOT

GOOD = Facts(
    found=3,
    targets=("a", "b"),
    callers=7,
    refused=1,
    files_changed=5,
    tests_before={"passed": 9, "failed": 0, "skipped": 0},
    tests_after={"passed": 9, "failed": 0, "skipped": 0},
    registered=2,
    is_identical=True,
    has_git=True,
)
STEP = Step("A step", "orchestra scan", 0, "one\ntwo", 0.5)


def report(facts: Facts = GOOD, *steps: Step, is_kept: bool = False) -> DemonstrationReport:
    return DemonstrationReport(Path("/demo"), steps or (STEP,), facts, is_kept)


def test_the_whole_way_works_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = in_own_process("demo", "--output-format", "json", cwd=tmp_path, env={"TMPDIR": str(tmp_path)})
    assert done.code == 0, done.out + done.err
    result = json.loads(done.out)
    jsonschema.validate(result, json.loads((ROOT / "docs/reference/schemas/demo.json").read_text()))
    assert result["problems"] == []
    facts = result["facts"]
    assert facts["tests_before"] == facts["tests_after"]
    assert facts["tests_before"]["passed"] > 80
    assert facts["registered"] == len(facts["targets"]) == 22
    assert facts["is_identical"] is True
    verbs = [
        step["command"].split()[1] for step in result["steps"] if step["command"].startswith("orchestra")
    ]
    assert verbs == ["init", "scan", "migrate", "lint", "list", "run", "status", *["undo"] * 3]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.soak
def test_kept_the_migrated_application_stays_and_its_tests_pass(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    done = in_own_process("demo", "--keep", str(kept), cwd=tmp_path)
    assert done.code == 0, done.out + done.err
    assert done.out.rstrip().endswith("Everything worked.")
    assert f"The migrated application is in {kept}." in done.out
    listed = in_own_process("list", "--no-cache", cwd=kept)
    assert "fallback_analysis" in listed.out
    status = subprocess.run(
        ["git", "status", "--short"], cwd=kept, capture_output=True, text=True, check=True
    )
    assert "src/core/orchestration/orchestrators.py" in status.stdout
    again = in_own_process("demo", "--keep", str(kept), cwd=tmp_path)
    assert again.code == 2
    assert again.err.startswith("error[invalid-value]: ")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (replace(GOOD, tests_after={"passed": 8, "failed": 1, "skipped": 0}), "the tests differ"),
        (replace(GOOD, tests_after={"passed": 8, "failed": 0, "skipped": 1}), "the tests differ"),
        (replace(GOOD, tests_before={}, tests_after={}), "tests failed: none ran"),
        (replace(GOOD, registered=1), "1 are registered, 2 were migrated"),
        (replace(GOOD, is_identical=False), "not what it was"),
        (replace(GOOD, is_identical=None), "not what it was"),
    ],
)
def test_the_summary_is_not_better_than_what_happened(facts: Facts, said: str) -> None:
    assert any(said in problem for problem in report(facts).problems)
    assert list(report(facts).lines(Style()))[-1] == "Something did not work."


def test_a_step_that_fails_is_a_problem(tmp_path: Path) -> None:
    failed = replace(STEP, code=1)
    assert report(GOOD, STEP, failed).problems == ["`orchestra scan` ended with exit code 1"]
    assert "   exit code 1" in list(step_lines(2, failed, Style()))


def test_when_everything_worked_there_are_no_problems() -> None:
    assert report().problems == []
    assert report(replace(GOOD, is_identical=None), is_kept=True).problems == []
    assert list(report().lines(Style()))[-1] == "Everything worked."


def test_long_output_is_shortened_in_the_middle() -> None:
    step = replace(STEP, output="\n".join(str(number) for number in range(100)))
    shown = list(step_lines(1, step, Style(), most=10))
    assert len(shown) == 2 + 10 + 1
    assert shown[-2].strip() == "99"
    assert "… 91 more lines …" in shown[-4]
    assert len(list(step_lines(1, step, Style(), most=1000))) == 103


def test_without_pytest_it_says_what_to_install(
    orchestra: Orchestra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestra_cli.demonstration.perform.find_spec", lambda name: None)
    done = orchestra("demo")
    assert done.code == 2
    assert "pip install 'orchestra-framework[demo]'" in done.err
