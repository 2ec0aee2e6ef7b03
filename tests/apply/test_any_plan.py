"""For any tree, any plan and any moment of death: old or new, and then finished or taken back exactly."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from orchestra_codemods.apply import NothingToResumeError, NothingToUndoError, apply, resume, undo
from orchestra_codemods.change import Applied, Change, Outcome, Plan, Refused
from orchestra_codemods.source import Source
from tests.support.faults import Dying, Quick, in_child
from tests.support.snapshots import Snapshot, snapshot

NAMES = ["a.py", "b.py", "pkg/c.py", "pkg/deep/d.py", "pkg/deep/e.txt", "other/f.py"]
NEW_NAMES = ["new.py", "pkg/new.py", "made/new.py", "made/deep/new.txt"]
TEXTS = st.sampled_from(
    ["", "x = 1\n", "x = 2\n", "y = 'no newline'", "z = 1\r\nz = 2\r\n", "w = 3\n" * 2000]
)
MODES = st.sampled_from([0o644, 0o600, 0o755])


@dataclass(frozen=True)
class Case:
    """A tree (text and mode by path, a hard link for some), what is done to it, and when death comes."""

    files: dict[str, tuple[str, int]]
    linked: frozenset[str]
    deeds: dict[str, tuple[str, str]]
    created: dict[str, str]
    moment: float

    def build(self, root: Path) -> None:
        for path, (text, mode) in self.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
            (root / path).chmod(mode)
        for path in self.linked:
            os.link(root / path, root / f"{path}.linked")

    def plan(self) -> Plan:
        changes = [Change(None, Source.new(path, text), "created") for path, text in self.created.items()]
        for path, (deed, text) in self.deeds.items():
            before = Source.from_bytes(path, self.files[path][0].encode())
            after = {
                "edit": before.with_text(text),
                "delete": None,
                "rename": before.moved_to(f"moved/{path}"),
                "rewrite": before.with_text(text).moved_to(f"{path}.DEPRECATED"),
            }[deed]
            changes.append(Change(before, after, deed))
        return Plan(tuple(change for change in changes if not change.is_empty))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a tree and a plan for it."""
    paths = draw(st.lists(st.sampled_from(NAMES), unique=True))
    deeds = st.tuples(st.sampled_from(["edit", "edit", "delete", "rename", "rewrite"]), TEXTS)
    return Case(
        files={path: draw(st.tuples(TEXTS, MODES)) for path in paths},
        linked=draw(st.frozensets(st.sampled_from(paths))) if paths else frozenset(),
        deeds={path: draw(deeds) for path in paths if draw(st.booleans())},
        created=draw(st.dictionaries(st.sampled_from(NEW_NAMES), TEXTS)),
        moment=draw(st.floats(0, 1)),
    )


def _fresh(case: Case, folder: Path, state: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(state, ignore_errors=True)
    (folder / ".git").mkdir(parents=True)
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    case.build(folder)
    return folder


def _assert_old_or_new(now: Snapshot, before: Snapshot, after: Snapshot) -> None:
    for path in {*now, *before, *after}:
        sides = [before.get(path), after.get(path)]
        is_linked = any(side is not None and len(side.names) > 1 for side in sides)
        if ".orchestra-" not in path and not is_linked and now.get(path) not in sides:
            found = now[path]
            # A new file has a second name, its temporary one, until that is removed.
            assert any(side and (side.mode, side.content) == (found.mode, found.content) for side in sides)


def _check(case: Case, folder: Path, state: Path) -> None:
    root = _fresh(case, folder, state)
    before = snapshot(root)
    counting = Quick()
    outcome = apply(root, case.plan(), command="test", system=counting)
    if not isinstance(outcome, Applied):
        event(type(outcome).__name__)
        assert snapshot(root) == before
        reasons = {refusal.unit for refusal in outcome.refusals} if isinstance(outcome, Refused) else set()
        assert reasons <= {"hard-linked"}
        return
    after = snapshot(root)
    at = 1 + int(case.moment * (len(counting.calls) - 1))
    goals: list[tuple[Callable[..., Outcome], Snapshot]] = [(resume, after), (undo, before)]
    for mend, goal in goals:
        _fresh(case, folder, state)
        in_child(lambda: apply(root, case.plan(), command="test", system=Dying(at)))
        _assert_old_or_new(snapshot(root), before, after)
        try:
            assert isinstance(mend(root, system=Quick()), Applied)
        except (NothingToResumeError, NothingToUndoError):
            assert snapshot(root) in (before, after)
        else:
            assert snapshot(root) == goal
    with suppress(NothingToUndoError):
        undo(root, system=Quick())
    assert snapshot(root) == before


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
@given(case=cases())
def test_any_plan_killed_at_any_moment(case: Case, quick_path: Path) -> None:
    _check(case, quick_path / "project", quick_path / "state")


@pytest.mark.soak
@settings(
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases())
def test_any_plan_killed_at_any_moment_at_length(case: Case, quick_path: Path) -> None:
    _check(case, quick_path / "project", quick_path / "state")
