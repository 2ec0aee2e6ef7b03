"""A review at a real terminal: what is accepted is done, what is skipped is not, and nothing is half done."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from orchestra_codemods.apply import UnfinishedRunError, apply, require_finished
from orchestra_codemods.change import Change, Plan
from orchestra_codemods.source import Source
from tests.cli.conftest import Orchestra
from tests.support.commands import Done, committed, git
from tests.support.faults import Dying, in_child
from tests.support.snapshots import snapshot
from tests.support.terminals import at_a_terminal

FLOW = '''\
"""{0} work."""


class {0}WorkflowOrchestrator:
    """Runs a workflow."""

    def __init__(self, x=1):
        self.x = x

    async def run_workflow(self, day: str) -> str:
        return f"done: {{day}}"
'''
HEIR = """\
from night import NightWorkflowOrchestrator


class LateWorkflowOrchestrator(NightWorkflowOrchestrator):
    def __init__(self):
        super().__init__(2)

    def more(self):
        return 2
"""
CALLING = """\
from night import NightWorkflowOrchestrator


async def call():
    work = NightWorkflowOrchestrator()
    return await work.run_workflow("monday")
"""
ORDER = ("day_workflow", "night_workflow")


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path) -> Path:
    for name in ("Night", "Day"):
        (project / f"{name.lower()}.py").write_text(FLOW.format(name))
    (project / "one.py").write_text("from night import NightWorkflowOrchestrator\n")
    (project / "two.py").write_text("from night import NightWorkflowOrchestrator as Night\n")
    assert orchestra("init").code == 0
    return committed(project)


def review(folder: Path, *answers: str, arguments: tuple[str, ...] = ("--all",)) -> Done:
    return at_a_terminal(
        "migrate",
        *arguments,
        "--interactive",
        "--output-format",
        "json",
        cwd=folder,
        answers=answers,
        prompts=("> ", "]: "),
    )


def changed(folder: Path) -> set[str]:
    status = git(folder, "status", "--porcelain", "--untracked-files=all").splitlines()
    return {line[3:] for line in status if "__pycache__" not in line}


def interrupted(folder: Path) -> None:
    """Kill a run that writes two files at the first call that leaves it unfinished."""
    files = [Source.new(f"{name}.txt", "text\n") for name in ("left", "right")]
    plan = Plan(tuple(Change(None, file, "it is wanted") for file in files))
    for number in range(1, 100):
        die = partial(apply, folder, plan, command="orchestra init", system=Dying(number))
        in_child(die)
        try:
            require_finished(folder, command="a test")
        except UnfinishedRunError:
            return
    raise AssertionError("no call was in the middle")


def test_each_is_shown_with_diff_reason_and_proof_and_what_is_skipped_is_not_done(legacy: Path) -> None:
    done = review(legacy, "s", "a", "a", "s")
    assert done.code == 1, done.err
    assert "DayWorkflowOrchestrator of day.py:4 becomes the orchestrator `day_workflow`" in done.err
    assert "+++ b/orchestrators/domain/night_workflow.py" in done.err
    assert "because: NightWorkflowOrchestrator becomes an orchestrator" in done.err
    assert "proof: same tree" in done.err
    assert "+from orchestrators.domain.night_workflow import NightWorkflowOrchestrator" in done.err
    found = json.loads(done.out)
    assert {each["path"] for each in found["skipped"]} == {"day.py", "two.py"}
    assert {"night.py", "one.py", "orchestrators/domain/night_workflow.py"} <= changed(legacy)
    assert not {"day.py", "two.py"} & changed(legacy)


def test_accepting_the_rest_is_what_the_command_does_unasked(orchestra: Orchestra, legacy: Path) -> None:
    assert review(legacy, "r").code == 0
    reviewed = snapshot(legacy, without=(".git", "__pycache__"))
    assert orchestra("undo").code == 0
    assert orchestra("migrate", "--all").code == 0
    assert snapshot(legacy, without=(".git", "__pycache__")) == reviewed


@pytest.mark.parametrize("answer", ["q", "\x04", "\x03"], ids=["quit", "end of file", "interrupt"])
def test_giving_up_writes_nothing(legacy: Path, answer: str) -> None:
    before = snapshot(legacy)
    done = review(legacy, "a", answer)
    assert done.code == (130 if answer == "\x03" else 1)
    assert done.out == ""
    assert ("interrupted" if answer == "\x03" else "error[review-quit]") in done.err
    assert snapshot(legacy) == before


@pytest.mark.parametrize(
    "answers", [("e",), ("e", "", "", ""), ("a", "e")], ids=["first field", "last field", "caller"]
)
def test_an_interrupt_while_something_is_edited_writes_nothing(
    legacy: Path, answers: tuple[str, ...]
) -> None:
    before = snapshot(legacy)
    done = review(legacy, *answers, "\x03", arguments=("night_workflow",))
    assert done.code == 130
    assert done.err.endswith("]: ^Cinterrupted\n")
    assert snapshot(legacy) == before


def test_skipping_all_of_a_kind_asks_about_none_of_them(legacy: Path) -> None:
    done = review(legacy, "a", "a", "k")
    assert {each["path"] for each in json.loads(done.out)["skipped"]} == {"one.py", "two.py"}
    assert not {"one.py", "two.py"} & changed(legacy)


def test_what_is_edited_is_shown_again_and_done(legacy: Path) -> None:
    answers = ("e", "Late-Night", "late", "aplication", "application", "", "in-place", "a")
    done = review(legacy, *answers, arguments=("night_workflow",))
    assert done.code == 0, done.err
    assert "Did you mean `late_night`?" in done.err
    assert "Did you mean `application`?" in done.err
    assert "becomes the orchestrator `late`" in done.err
    assert changed(legacy) >= {"night.py"}
    assert "OrchestrationLayer.APPLICATION" in (legacy / "night.py").read_text()
    assert not (legacy / "orchestrators/application/late.py").exists()


def test_how_a_caller_changes_can_be_edited_and_is_shown_again(legacy: Path) -> None:
    (legacy / "three.py").write_text(CALLING)
    committed(legacy)
    answers = ("a", "s", "e", "facade-instance", "facade-instances", "a", "s")
    done = review(legacy, *answers, arguments=("night_workflow",))
    assert done.code == 1, done.err
    assert "Did you mean `facade-instances`?" in done.err
    shown = done.err.split("three.py uses NightWorkflowOrchestrator")
    assert len(shown) == 3
    assert "facade" not in shown[1].partition("calls [")[0]
    assert (
        '+    return await get_orchestration_facade().call(work, "run_workflow", None, "monday")' in shown[2]
    )
    assert "get_orchestration_facade" in (legacy / "three.py").read_text()


def test_what_was_edited_about_a_caller_stands_in_the_plan_and_is_done_from_there(
    orchestra: Orchestra, legacy: Path
) -> None:
    (legacy / "three.py").write_text(CALLING)
    committed(legacy)
    arguments = ("night_workflow", "--write-plan", "plan.toml")
    review(legacy, "a", "a", "e", "facade-instances", "r", arguments=arguments)
    assert '"three.py" = "facade-instances"' in (legacy / "plan.toml").read_text()
    assert orchestra("migrate", "--plan", "plan.toml").code == 0
    assert "get_orchestration_facade" in (legacy / "three.py").read_text()
    assert "get_orchestration_facade" not in (legacy / "one.py").read_text()


def test_proofs_that_are_to_be_tried_are_named_with_each_question(legacy: Path) -> None:
    proofs = ("--prove-import", "--test-command", "python -c pass")
    done = review(legacy, "q", arguments=("night_workflow", *proofs))
    assert "to be tried: importing each changed module in a copy" in done.err
    assert "to be tried: `python -c pass` in a copy, before and after" in done.err


def test_an_unfinished_run_is_named_before_anything_is_asked(legacy: Path) -> None:
    interrupted(legacy)
    done = review(legacy)
    assert done.code == 2
    assert "error[unfinished-run]" in done.err
    assert "becomes the orchestrator" not in done.err
    assert "Planning" not in done.err


def test_all_that_hangs_on_an_answer_can_be_seen(legacy: Path) -> None:
    done = review(legacy, "v", "q", arguments=("night_workflow",))
    assert "register_factory" in done.err
    assert "docs/migrations/night_workflow.md" in done.err


def test_what_cannot_do_without_something_skipped_is_skipped_too(legacy: Path) -> None:
    (legacy / "late.py").write_text(HEIR)
    committed(legacy)
    done = review(legacy, "s", "a", "s")
    assert done.code == 1
    assert "not migrated: late_workflow: its base" in done.err or "not migrated: night_workflow" in done.err
    assert not {"night.py", "late.py"} & changed(legacy)


def test_a_review_can_be_written_down_instead(orchestra: Orchestra, legacy: Path) -> None:
    done = review(legacy, "s", "r", arguments=("--all", "--write-plan", "plan.toml"))
    assert done.code == 1
    assert changed(legacy) == {"plan.toml"}
    assert (legacy / "plan.toml").read_text().count('decision = "skip"') == 1
    assert orchestra("migrate", "--plan", "plan.toml").code == 1
    assert "day.py" not in changed(legacy)


def test_what_a_file_holds_cannot_steer_the_terminal(legacy: Path) -> None:
    (legacy / "one.py").write_text("from night import NightWorkflowOrchestrator  # \x1b[2J\x9b2J\n")
    committed(legacy)
    done = review(legacy, "a", "a", "q")
    assert "\\x1b[2J\\x9b2J" in done.err
    assert "\x1b[2J" not in done.err


def test_without_a_terminal_it_is_an_error_that_names_another_way(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    done = orchestra("migrate", "--all", "--interactive")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[not-a-terminal]: ")
    assert "--write-plan" in done.err
    assert snapshot(legacy) == before
