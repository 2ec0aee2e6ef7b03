"""A command that was killed while it wrote: the next one says so, resume finishes, undo takes back."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from orchestra_cli.scaffold.initialise import Wanted, plan_init
from orchestra_codemods.apply import apply
from orchestra_codemods.config import locate
from tests.cli.conftest import Orchestra
from tests.support.environments import ROOT
from tests.support.faults import Dying, in_child
from tests.support.snapshots import Snapshot, snapshot


@pytest.fixture
def whole(orchestra: Orchestra, project: Path) -> Snapshot:
    """The project as it is when `orchestra init` was not interrupted."""
    assert orchestra("init").code == 0
    finished = snapshot(project)
    assert orchestra("undo").code == 0
    return finished


def interrupt(project: Path, number: int) -> bool:
    plan = plan_init(locate(project), Wanted())
    return in_child(lambda: apply(project, plan, command="orchestra init", system=Dying(number)))


def half_written(orchestra: Orchestra, project: Path) -> Snapshot:
    """Kill `orchestra init` at the first call that leaves a run to finish; return the tree as it was."""
    before = snapshot(project)
    for number in range(1, 500):
        assert interrupt(project, number), "it was never unfinished"
        runs = json.loads(orchestra("history", "--output-format", "json").out)["runs"]
        if runs and runs[0]["state"] == "unfinished" and snapshot(project) != before:
            return before
        if runs and runs[0]["state"] == "unfinished":
            orchestra("undo")
    raise AssertionError("no call was in the middle")


def test_the_next_command_says_what_happened_and_resume_finishes(
    orchestra: Orchestra, project: Path, whole: Snapshot
) -> None:
    half_written(orchestra, project)
    done = orchestra("init", "--allow-dirty")
    assert done.code == 2
    assert done.err.splitlines()[-2].startswith("error[unfinished-run]: ")
    tried = orchestra("resume", "--dry-run")
    assert tried.code == 0, tried.err
    finished = orchestra("resume", "--output-format", "json")
    assert finished.code == 0, finished.err
    schema = json.loads((ROOT / "docs/reference/schemas/resume.json").read_text())
    jsonschema.validate(json.loads(finished.out), schema)
    assert snapshot(project) == whole


def test_undo_takes_back_what_was_written(orchestra: Orchestra, project: Path, whole: Snapshot) -> None:
    before = half_written(orchestra, project)
    assert orchestra("undo").code == 0
    assert snapshot(project) == before
    assert orchestra("init").code == 0
    assert snapshot(project) == whole
