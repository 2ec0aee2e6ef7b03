"""The planner merges what units want, whatever their order, until nothing is left to want."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from orchestra_codemods.change import Change, Edit, Finding, Kind, Refusal, Rewrite, Span
from orchestra_codemods.config import Config
from orchestra_codemods.plan import NonConvergenceError, plan
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source
from orchestra_codemods.unit import Contribution


@dataclass(frozen=True)
class Wish:
    """A unit made of a function."""

    slug: str
    wants: Callable[[Project], Iterable[Contribution]]

    def contribute(self, project: Project) -> Iterable[Contribution]:
        return self.wants(project)


def project_of(**texts: str) -> Project:
    files = {f"{name}.py": Source.new(f"{name}.py", text) for name, text in texts.items()}
    return Project(Path("/nowhere"), Sources(Path("/nowhere"), (), files), Config())


def replacing(slug: str, old: str, new: str, path: str = "a.py") -> Wish:
    def wants(project: Project) -> Iterable[Contribution]:
        start = project.sources[path].text.find(old)
        if start >= 0:
            yield Rewrite(slug, path, (Edit(start, start + len(old), new),), f"{old} to {new}")

    return Wish(slug, wants)


def after(changes: Iterable[Change]) -> dict[str, str | None]:
    return {change.path: change.after.text if change.after else None for change in changes}


def test_edits_of_several_units_in_a_file_become_one_change() -> None:
    result = plan(
        project_of(a="x = 1\ny = 2\n"), [replacing("second", "y", "z"), replacing("first", "x", "w")]
    )
    (change,) = result.changes
    assert change.kind is Kind.EDIT
    assert change.units == ("first", "second")
    assert change.because == "x to w; y to z"
    assert after(result.changes) == {"a.py": "w = 1\nz = 2\n"}


def test_overlapping_edits_wait_for_the_next_pass() -> None:
    seen: list[str] = []

    def wants(project: Project) -> Iterable[Contribution]:
        text = project.sources["a.py"].text
        seen.append(text)
        if "bbc" in text or "abc" in text:
            yield Rewrite("late", "a.py", (Edit(1, 3, "XY"),), "second")

    units = [Wish("late", wants), replacing("early", "ab", "bb")]
    assert after(plan(project_of(a="abc"), units).changes) == {"a.py": "bXY"}
    assert seen == ["abc", "bbc", "bXY"]


def test_equal_edits_of_two_units_are_made_once() -> None:
    units = [replacing("one", "x", "yy"), replacing("two", "x", "yy")]
    result = plan(project_of(a="x"), units)
    assert after(result.changes) == {"a.py": "yy"}
    assert result.changes[0].units == ("one", "two")


def test_a_rewrite_is_taken_whole_or_not_at_all() -> None:
    def wants(project: Project) -> Iterable[Contribution]:
        text = project.sources["a.py"].text
        if "(" not in text:
            yield Rewrite("wrap", "a.py", (Edit(0, 0, "("), Edit(len(text), len(text), ")")), "wrap")

    units = [Wish("wrap", wants), replacing("first", "end", "fin")]
    assert after(plan(project_of(a="end"), units).changes) == {"a.py": "(fin)"}


def test_a_file_that_is_made_renamed_and_edited_is_one_change_from_the_file_on_disk() -> None:
    def moves(project: Project) -> Iterable[Contribution]:
        if "a.py" in project.sources:
            before = project.sources["a.py"]
            yield Change(before, before.moved_to("b.py"), "moved", ("mover",))
            yield Change(None, Source.new("new.py", "x"), "made", ("mover",))

    def edits(project: Project) -> Iterable[Contribution]:
        for path in ("b.py", "new.py"):
            if path in project.sources and "x" in project.sources[path].text:
                yield Rewrite("editor", path, (Edit(0, 1, "y"),), "edited")

    result = plan(project_of(a="x"), [Wish("mover", moves), Wish("editor", edits)])
    assert [(change.kind, change.path) for change in result.changes] == [
        (Kind.RENAME, "b.py"),
        (Kind.CREATE, "new.py"),
    ]
    assert after(result.changes) == {"b.py": "y", "new.py": "y"}
    assert result.changes[0].before is not None
    assert result.changes[0].before.path == "a.py"
    assert result.changes[0].units == ("editor", "mover")


def test_what_is_made_and_taken_back_is_no_change() -> None:
    def wants(project: Project) -> Iterable[Contribution]:
        if len(project.sources) == 1 and project.sources["a.py"].text == "x":
            yield Change(None, Source.new("b.py", "1"), "made", ("u",))
            yield Rewrite("u", "a.py", (Edit(0, 1, "y"),), "edited")
        elif "b.py" in project.sources:
            yield Change(project.sources["b.py"], None, "taken back", ("u",))

    assert after(plan(project_of(a="x"), [Wish("u", wants)]).changes) == {"a.py": "y"}


def test_units_that_never_agree_are_named() -> None:
    units = [replacing("left", "x", "y"), replacing("right", "y", "x"), replacing("calm", "q", "r")]
    with pytest.raises(NonConvergenceError) as caught:
        plan(project_of(a="x"), units)
    assert set(caught.value.units) <= {"left", "right"}
    assert caught.value.units


def test_a_unit_that_wants_more_each_time_is_named() -> None:
    def wants(project: Project) -> Iterable[Contribution]:
        yield Rewrite("greedy", "a.py", (Edit(0, 0, "x"),), "more")

    with pytest.raises(NonConvergenceError) as caught:
        plan(project_of(a="x"), [Wish("greedy", wants)])
    assert caught.value.units == ("greedy",)


def test_findings_are_those_of_the_first_pass_and_refusals_are_told_once() -> None:
    def wants(project: Project) -> Iterable[Contribution]:
        text = project.sources["a.py"].text
        yield Finding("u", "a.py", Span(1, text.index("b")), "found")
        yield Refusal("u", "a.py", Span(1, text.index("b")), "no", "do it by hand")

    units = [Wish("u", wants), replacing("longer", "aa", "cccc")]
    result = plan(project_of(a="aab"), units)
    assert [finding.span for finding in result.findings] == [Span(1, 2)]
    assert [refusal.span for refusal in result.refusals] == [Span(1, 2)]


def test_nothing_wanted_is_an_empty_plan() -> None:
    assert plan(project_of(a="x"), []).changes == ()
    assert plan(project_of(a="x"), [replacing("same", "x", "x")]).changes == ()


@given(st.data())
def test_the_plan_is_the_same_for_any_order_of_units_and_files(data: st.DataObject) -> None:
    letters = data.draw(st.text("abcdef", min_size=3, max_size=12))
    names = ("a", "b", "c")
    units = [
        replacing(f"{one}-{path}", one, one.upper() * 2, f"{path}.py")
        for one in data.draw(st.lists(st.sampled_from("abcdef"), unique=True))
        for path in names
    ]
    units += [replacing("pair-a", "ab", "Q"), replacing("pair-b", "bc", "R", "b.py")]
    expected = plan(project_of(**dict.fromkeys(names, letters)), units)
    shuffled = data.draw(st.permutations(units))
    files = dict.fromkeys(data.draw(st.permutations(names)), letters)
    again = plan(project_of(**files), shuffled)
    assert after(again.changes) == after(expected.changes)
    assert again == expected
