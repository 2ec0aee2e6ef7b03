"""A plan is a file that a person reads and edits; what it decides is done, for the files it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Orchestra
from tests.support.commands import committed, git
from tests.support.snapshots import snapshot

FLOW = '''\
"""{0} work."""


class {0}WorkflowOrchestrator:
    """Runs a workflow."""

    async def run_workflow(self, day: str) -> str:
        return f"done: {{day}}"
'''


@pytest.fixture
def legacy(orchestra: Orchestra, project: Path) -> Path:
    for name in ("Night", "Day"):
        (project / f"{name.lower()}.py").write_text(FLOW.format(name))
    (project / "app").mkdir()
    (project / "app" / "one.py").write_text("from night import NightWorkflowOrchestrator\n")
    (project / "app" / "two.py").write_text("from night import NightWorkflowOrchestrator as Night\n")
    assert orchestra("init").code == 0
    return committed(project)


@pytest.fixture
def plan(orchestra: Orchestra, legacy: Path) -> Path:
    done = orchestra("migrate", "--all", "--write-plan", "plan.toml", "--remove-on", "2030-01-31")
    assert done.code == 0, done.err
    return legacy / "plan.toml"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, text
    file.write_text(text.replace(old, new))


def test_writing_a_plan_writes_that_file_only(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    done = orchestra("migrate", "--all", "--write-plan", "plan.toml")
    assert done.out.splitlines()[-2].endswith("would change")
    assert "orchestra migrate --plan plan.toml" in done.err
    after = snapshot(legacy)
    assert after.keys() - before.keys() == {"plan.toml"}
    assert {path: after[path] for path in before} == before


def test_a_plan_holds_decisions_and_digests_and_no_contents(plan: Path) -> None:
    text = plan.read_text()
    assert 'class = "NightWorkflowOrchestrator"' in text
    assert '"app/one.py" = "accept"' in text
    assert "run_workflow" not in text.replace("`workflow`", "")


def test_a_plan_nobody_edited_does_what_its_command_would_have_done(
    orchestra: Orchestra, legacy: Path, plan: Path
) -> None:
    assert orchestra("migrate", "--plan", "plan.toml").code == 0
    planned = snapshot(legacy, without=(".git", "plan.toml"))
    assert orchestra("undo").code == 0
    assert orchestra("migrate", "--all", "--remove-on", "2030-01-31").code == 0
    assert snapshot(legacy, without=(".git", "plan.toml")) == planned


def test_what_a_person_edits_is_done(orchestra: Orchestra, legacy: Path, plan: Path) -> None:
    edit(plan, 'name = "night_workflow"', 'name = "late"')
    edit(plan, '"app/two.py" = "accept"', '"app/two.py" = "skip"  # theirs')
    text = plan.read_text()
    first, second = text.split('class = "NightWorkflowOrchestrator"')
    plan.write_text(
        first.replace('decision = "accept"', 'decision = "skip"')
        + 'class = "NightWorkflowOrchestrator"'
        + second.replace('layer = "domain"', 'layer = "application"')
    )
    done = orchestra("migrate", "--plan", "plan.toml")
    assert done.code == 1
    assert "skipped day.py: DayWorkflowOrchestrator was not accepted" in done.out
    assert "skipped app/two.py: it goes on using NightWorkflowOrchestrator" in done.out
    assert (legacy / "orchestrators/application/late.py").is_file()
    assert "orchestrators.application.late" in (legacy / "app/one.py").read_text()
    assert git(legacy, "status", "--porcelain", "app/two.py", "day.py") == ""


def test_a_class_that_is_taken_out_of_the_file_is_no_part_of_the_plan(
    orchestra: Orchestra, legacy: Path, plan: Path
) -> None:
    head, day, night = plan.read_text().split("[[orchestrator]]")
    assert "DayWorkflow" in day
    plan.write_text(head + "[[orchestrator]]" + night)
    done = orchestra("migrate", "--plan", "plan.toml")
    assert done.code == 0
    assert "day" not in done.out.lower()
    assert "BaseOrchestrator" not in (legacy / "day.py").read_text()
    assert (legacy / "orchestrators/domain/night_workflow.py").is_file()


def test_a_name_of_a_class_outside_the_plan_is_taken(orchestra: Orchestra, legacy: Path) -> None:
    assert orchestra("migrate", "night_workflow", "--write-plan", "plan.toml").code == 0
    edit(legacy / "plan.toml", 'name = "night_workflow"', 'name = "day_workflow"')
    done = orchestra("migrate", "--plan", "plan.toml")
    assert done.code == 2
    assert "are both named `day_workflow`" in done.err


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("night.py", FLOW.format("Night") + "# more\n", "night.py"),
        ("app/three.py", "from night import NightWorkflowOrchestrator\n", "app/three.py (new)"),
        ("app/two.py", None, "app/two.py (gone)"),
    ],
)
def test_what_has_changed_since_is_named_and_nothing_is_done(
    orchestra: Orchestra, legacy: Path, plan: Path, path: str, text: str | None, said: str
) -> None:
    if text is None:
        (legacy / path).unlink()
    else:
        (legacy / path).write_text(text)
    before = snapshot(legacy)
    done = orchestra("migrate", "--plan", "plan.toml")
    assert done.code == 2
    assert done.err.startswith(
        f"error[plan-outdated]: 1 file has changed since plan.toml was written: {said}."
    )
    assert snapshot(legacy) == before
    edit(plan, 'name = "night_workflow"', 'name = "late"')
    assert orchestra("migrate", "--plan", "plan.toml", "--write-plan", "plan.toml").code == 0
    assert 'name = "late"' in plan.read_text()
    committed(legacy)
    assert orchestra("migrate", "--plan", "plan.toml").code == 0
    assert (legacy / "orchestrators/domain/late.py").is_file()


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('schema = "orchestra/plan/1"', 'schema = "orchestra/plan/9"', "plan-of-another-version", "reads"),
        ('schema = "orchestra/plan/1"', "", "bad-plan", "`schema`"),
        ("[[orchestrator]]", "[[orchestrators]]", "bad-plan", "Did you mean `orchestrator`?"),
        ('orchestra = "0', 'orchestra = "9', "plan-of-another-version", "written by version 9"),
        ('package = "orchestrators"', 'package = "other"', "plan-of-another-tree", "another project"),
        ('callers = "imports"', 'callers = "facades"', "bad-plan", "Did you mean `facade`?"),
        ("remove-on = 2030-01-31", 'remove-on = "soon"', "bad-plan", "2026-01-31"),
        ('name = "night_workflow"', 'name = "Night"', "bad-plan", "Did you mean `night`?"),
        ('name = "night_workflow"', 'name = "../etc"', "bad-plan", "parts of a path"),
        ('name = "night_workflow"', 'name = "day_workflow"', "bad-plan", "both named"),
        ('name = "night_workflow"', 'nam = "night_workflow"', "bad-plan", "Did you mean `name`?"),
        ('"app/one.py" = "accept"', '"app/one.py" = "no"', "bad-plan", "app/one.py cannot be `no`"),
        ('"app/one.py" = "accept"', '"app/one.py" =', "bad-plan", "is no plan"),
    ],
)
def test_a_plan_that_is_wrong_is_an_error_that_says_where(
    orchestra: Orchestra, legacy: Path, plan: Path, old: str, new: str, code: str, said: str
) -> None:
    plan.write_text(plan.read_text().replace(old, new))
    before = snapshot(legacy)
    done = orchestra("migrate", "--plan", "plan.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error[{code}]: plan.toml")
    assert said in done.err
    assert snapshot(legacy) == before


def test_a_type_that_the_project_does_not_have_is_an_error(
    orchestra: Orchestra, legacy: Path, plan: Path
) -> None:
    plan.write_text(plan.read_text().replace('type = "sequential"', 'type = "sequentail"'))
    assert "Did you mean `sequential`?" in orchestra("migrate", "--plan", "plan.toml").err


@pytest.mark.parametrize("option", [("night_workflow",), ("--all",), ("--callers", "facade")])
def test_a_plan_and_what_it_says_already_conflict(
    orchestra: Orchestra, plan: Path, option: tuple[str, ...]
) -> None:
    done = orchestra("migrate", *option, "--plan", "plan.toml")
    assert done.code == 2
    assert done.err.startswith("error[conflicting-options]: --plan and ")


def test_a_plan_is_never_written_over_another_file(orchestra: Orchestra, legacy: Path) -> None:
    before = snapshot(legacy)
    for path, code in (("pyproject.toml", "invalid-value"), ("../plan.toml", "outside-root")):
        done = orchestra("migrate", "--all", "--write-plan", path)
        assert done.code == 2
        assert done.err.startswith(f"error[{code}]: ")
    assert snapshot(legacy) == before


def test_a_plan_in_the_tree_is_no_reference_to_what_it_names(
    orchestra: Orchestra, legacy: Path, plan: Path
) -> None:
    text = plan.read_text()
    assert orchestra("migrate", "night_workflow").code == 0
    assert plan.read_text() == text
    assert not (legacy / "night.py").read_text().startswith('"""Night work')
