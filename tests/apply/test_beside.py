"""Lines that a run inserted are taken out from between their neighbours, or not at all."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from orchestra_codemods.apply.beside import without_insertions

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d"]), max_size=8)


def text(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_a_neighbour_above_and_below_stays() -> None:
    base, theirs = text("head", "run", "tail"), text("head", "tail")
    ours = text("head", "mine above", "run", "mine below", "tail")
    assert without_insertions(base, ours, theirs) == text("head", "mine above", "mine below", "tail")


def test_what_stands_between_the_runs_lines_is_not_torn_apart() -> None:
    base, theirs = text("head", "run 1", "run 2", "tail"), text("head", "tail")
    assert without_insertions(base, text("head", "run 1", "mine", "run 2", "tail"), theirs) is None


def test_a_line_that_was_edited_since_is_not_taken() -> None:
    base, theirs = text("head", "run", "tail"), text("head", "tail")
    assert without_insertions(base, text("head", "run, edited", "tail"), theirs) is None


def test_a_run_that_replaced_lines_is_left_to_the_merge() -> None:
    assert without_insertions(text("new"), text("new", "mine"), text("old")) is None


def test_a_blank_line_above_may_stand_for_the_one_below() -> None:
    base, theirs = text("head", "", "run", "", "tail"), text("head", "", "tail")
    ours = text("head", "", "run", "mine", "", "tail")
    assert without_insertions(base, ours, theirs) == text("head", "mine", "", "tail")


def test_a_neighbour_below_may_have_come_with_the_blank_line_above_it() -> None:
    one, run, other = ([f"def {name}", f"  import {name}", "", f"  return {name}", "", ""] for name in "arb")
    tail = [f"tail {number}" for number in range(9)]
    base, theirs = text(*one, *run, *tail), text(*one, *tail)
    ours = text(*one, "# mine", *run, *other, *tail)
    assert without_insertions(base, ours, theirs) == text(*one, "# mine", *other, *tail)


@example(["b"], ["a", "a", "b", "a"], ["a", "b"], ["a"])
@given(LINES, LINES, LINES, LINES)
def test_nothing_of_the_users_is_lost(
    before: list[str], run: list[str], after: list[str], mine: list[str]
) -> None:
    own = [f"mine {line}" for line in mine]
    base, theirs = text(*before, *run, *after), text(*before, *after)
    result = without_insertions(base, text(*before, *run, *own, *after), theirs)
    if result is not None:
        assert [line for line in result.decode().splitlines() if line.startswith("mine ")] == own
        assert sorted(result.decode().splitlines()) == sorted([*before, *after, *own])


@given(LINES, LINES, LINES)
def test_without_later_edits_the_run_is_undone(before: list[str], run: list[str], after: list[str]) -> None:
    base, theirs = text(*before, *run, *after), text(*before, *after)
    assert without_insertions(base, base, theirs) in (theirs, None)


@given(LINES, LINES, LINES, LINES, LINES)
def test_neighbours_on_both_sides_stay(
    before: list[str], run: list[str], after: list[str], above: list[str], below: list[str]
) -> None:
    above, below = [f"above {line}" for line in above], [*(f"below {line}" for line in below), ""]
    base, theirs = text(*before, *run, *after), text(*before, *after)
    result = without_insertions(base, text(*before, *above, *run, *below, *after), theirs)
    if result is not None:
        assert sorted(result.decode().splitlines()) == sorted([*before, *above, *below, *after])
        own = [line for line in result.decode().splitlines() if line.startswith(("above ", "below "))]
        assert own == [*above, *below[:-1]]
