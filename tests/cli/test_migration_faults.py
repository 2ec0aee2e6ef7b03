"""The migration of a whole application meets every fault, and the next command says what to do about it."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from orchestra.errors import OrchestraError
from orchestra_codemods.apply import apply, resume, undo
from orchestra_codemods.change import Applied, Failed, Outcome, Plan, Refused
from tests.cli.conftest import Orchestra
from tests.support.commands import committed
from tests.support.faults import Dying, Failing, Meddling, Quick, in_child
from tests.support.legacy_bot import migration, prepared, tree

SEED = 20_261_124


@dataclass
class Whole:
    """The legacy application, the plan of its whole migration, and what comes out."""

    root: Path
    plan: Plan
    pristine: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    calls: int

    def reset(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self.pristine, self.root)

    def assert_each_file_is_old_or_new(self) -> None:
        now = tree(self.root)
        for path in {*now, *self.before, *self.after}:
            if ".orchestra-" not in path:
                assert now.get(path) in (self.before.get(path), self.after.get(path)), path


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Plan and apply once; each test begins anew in the same folder."""
    folder = tmp_path_factory.mktemp("whole")
    pristine = prepared(folder / "pristine")
    settings = pristine / "pyproject.toml"
    settings.write_text(settings.read_text() + '\n[tool.orchestra]\npackage = "core.orchestration"\n')
    root = folder / "bot"
    shutil.copytree(pristine, root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        _, plan = migration(root)
        before, counting = tree(root), Quick()
        assert isinstance(apply(root, plan, command="orchestra migrate", system=counting), Applied)
        yield Whole(root, plan, pristine, before, tree(root), len(counting.calls))


@pytest.fixture
def whole(planned: Whole) -> Whole:
    planned.reset()
    return planned


def moments(whole: Whole, request: pytest.FixtureRequest) -> list[int]:
    everything = list(range(1, whole.calls + 1))
    number = len(everything) if request.config.getoption("--soak") else 10
    return sorted(random.Random(SEED).sample(everything, number))


def test_killed_at_any_moment_it_is_finished_or_taken_back(
    whole: Whole, orchestra: Orchestra, request: pytest.FixtureRequest
) -> None:
    assert whole.calls > 300
    for number, moment in enumerate(moments(whole, request)):
        whole.reset()
        assert in_child(partial(attempt, whole, Dying(moment)))
        whole.assert_each_file_is_old_or_new()
        if tree(whole.root) == whole.before:
            continue
        told = orchestra(*(("new", "domain", "other") if number else ("migrate", "--all")), cwd=whole.root)
        assert told.code == 2, told.err
        assert "error[unfinished-run]" in told.err
        assert "`orchestra resume`" in told.err
        assert "`orchestra undo" in told.err
        mend, expected = (resume, whole.after) if number % 2 else (undo, whole.before)
        assert isinstance(mend(whole.root, system=Quick()), Applied)
        assert tree(whole.root) == expected


def attempt(whole: Whole, system: Quick) -> Outcome | OrchestraError:
    """Apply the plan and return the outcome, or the error with what to do next."""
    try:
        return apply(whole.root, whole.plan, command="orchestra migrate", system=system)
    except OrchestraError as error:
        return error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
def test_a_full_disk_leaves_nothing_half_done_that_cannot_be_mended(whole: Whole, number: int) -> None:
    for at in (1, whole.calls // 3, whole.calls // 2, whole.calls - 5):
        whole.reset()
        fault = Failing(at, OSError(number, os.strerror(number)), stays=True)
        outcome = attempt(whole, fault)
        if isinstance(outcome, OrchestraError):
            assert outcome.hint
        if isinstance(outcome, Failed):
            assert "orchestra resume" in outcome.error.hint
            whole.assert_each_file_is_old_or_new()
            undo(whole.root, system=Quick())
        assert isinstance(outcome, Applied) or tree(whole.root) == whole.before


def change(root: Path) -> None:
    path = root / "src/content_bot/bot.py"
    path.write_text(path.read_text() + "# edited meanwhile\n")


def remove(root: Path) -> None:
    (root / "src/content_bot/commands.py").unlink()


def replace_by_folder(root: Path) -> None:
    (root / "src/content_bot/commands.py").unlink()
    (root / "src/content_bot/commands.py").mkdir()


def link_elsewhere(root: Path) -> None:
    path = root / "src/content_bot/commands.py"
    path.unlink()
    path.symlink_to("/etc/hostname")


def make_read_only(root: Path) -> None:
    (root / "src/content_bot/commands.py").chmod(0o444)


MEANWHILE = [change, remove, replace_by_folder, link_elsewhere, make_read_only]


@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda function: function.__name__)
def test_what_happens_between_plan_and_apply_is_refused_as_a_whole(
    whole: Whole, meanwhile: Callable[[Path], None]
) -> None:
    meanwhile(whole.root)
    before = {path: data for path, data in tree(whole.root).items() if "hostname" not in path}
    outcome = apply(whole.root, whole.plan, command="orchestra migrate")
    assert isinstance(outcome, Refused)
    assert all(one.why and one.what_to_do for one in outcome.refusals)
    assert any(one.path.startswith("src/content_bot/") for one in outcome.refusals)
    assert tree(whole.root) == before


def test_what_somebody_writes_in_the_middle_is_kept(whole: Whole) -> None:
    for at in (whole.calls // 4, whole.calls // 2):
        whole.reset()
        outcome = attempt(whole, Meddling(at, lambda: change(whole.root)))
        is_there = b"# edited meanwhile" in tree(whole.root)["src/content_bot/bot.py"]
        assert is_there or isinstance(outcome, Refused)


def test_of_two_migrations_at_once_one_is_done_and_the_other_says_why_not(whole: Whole) -> None:
    committed(whole.root)
    command = [
        str(Path(sys.executable).with_name("orchestra")),
        "migrate",
        "fallback_analysis",
        "--allow-dirty",
    ]
    both = [
        subprocess.Popen(command, cwd=whole.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [(*process.communicate(), process.returncode) for process in both]
    assert all("Traceback" not in err for _, err, _ in told), told
    done = [code for _, _, code in told if code == 0]
    assert done, told
    for out, err, code in told:
        if code:
            assert "refused" in out or "error[run-in-progress]" in err or "error[unfinished-run]" in err, (
                out,
                err,
            )
            assert "hint" in err or "\n  " in out
    assert (whole.root / "src/core/orchestration/domain/fallback_analysis.py").exists()
    assert b"forward(" in tree(whole.root)["src/content_bot/analysis/fallback_analysis_orchestrator.py"]
