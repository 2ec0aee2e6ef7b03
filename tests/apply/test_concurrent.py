"""One writer at a time: the second is told who holds the lock, and goes on when that one is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestra_codemods.apply import RunInProgressError, RunState, apply, history, resume, undo
from orchestra_codemods.change import Applied
from tests.support.faults import Meddling, Quick
from tests.support.journaled import create, plan

_STOPS_IN_THE_MIDDLE = """
import sys
from pathlib import Path
from orchestra_codemods.apply import System, apply
from orchestra_codemods.change import Change, Plan
from orchestra_codemods.source import Source

class Stops(System):
    def call(self, name, function, *arguments, **named):
        if name == "link" and arguments[1] == "first.py":
            print("stopped", flush=True)
            sys.stdin.readline()
        return function(*arguments, **named)

plan = Plan((Change(None, Source.new("first.py", "first\\n"), "because"),))
apply(Path(sys.argv[1]), plan, command="orchestra first", system=Stops())
"""


@pytest.fixture
def holder(root: Path) -> subprocess.Popen[str]:
    """Return a process that holds the lock of the project in the middle of its run."""
    process = subprocess.Popen(
        [sys.executable, "-c", _STOPS_IN_THE_MIDDLE, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "stopped\n"
    return process


def _end(process: subprocess.Popen[str], number: signal.Signals | None = None) -> None:
    if number is not None:
        process.send_signal(number)
    process.communicate("go on\n")


def test_the_second_writer_is_told_who_is_first(root: Path, holder: subprocess.Popen[str]) -> None:
    for verb in (
        lambda: apply(root, plan(create("second.py", "")), command="orchestra second"),
        lambda: undo(root),
        lambda: resume(root),
    ):
        with pytest.raises(RunInProgressError) as caught:
            verb()  # type: ignore[no-untyped-call]
        assert str(holder.pid) in caught.value.message
        assert "orchestra first" in caught.value.message
        assert caught.value.hint
    _end(holder)
    assert holder.returncode == 0
    assert isinstance(apply(root, plan(create("second.py", "")), command="orchestra second"), Applied)
    assert [run.command for run in history(root)] == ["orchestra second", "orchestra first"]


def test_a_lock_does_not_outlive_its_holder(root: Path, holder: subprocess.Popen[str]) -> None:
    _end(holder, signal.SIGKILL)
    assert [run.state for run in history(root)] == [RunState.UNFINISHED]
    assert isinstance(resume(root), Applied)
    assert (root / "first.py").read_text() == "first\n"


def test_looking_at_the_history_needs_no_lock(root: Path, holder: subprocess.Popen[str]) -> None:
    assert [run.state for run in history(root)] == [RunState.UNFINISHED]
    _end(holder)


def test_a_second_writer_in_the_same_process_is_refused(root: Path) -> None:
    seen: list[str] = []

    def second() -> None:
        with pytest.raises(RunInProgressError) as caught:
            apply(root, plan(create("second.py", "")), command="orchestra second")
        seen.append(caught.value.message)

    apply(root, plan(create("zero.py", "")), command="makes the lock", system=Quick())
    apply(root, plan(create("first.py", "")), command="orchestra first", system=Meddling(12, second))
    assert str(os.getpid()) in seen[0]
    assert not (root / "second.py").exists()
