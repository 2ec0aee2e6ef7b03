"""Exactly what an interrupted write in place can leave is taken for that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orchestra_codemods.apply.torn import PAGE, is_torn

SIZES = st.integers(0, 3 * PAGE + 10)


def _write_pages(held: bytes, content: bytes, count: int) -> bytes:
    """Return a file after this many of the calls that write ``content`` over it, the cutting off included."""
    pages = -(-len(content) // PAGE)
    for page in range(min(count, pages)):
        start = page * PAGE
        written = content[start : start + PAGE]
        held = held[:start] + written + held[start + len(written) :]
    return held[: len(content)] if count > pages else held


@given(old=SIZES, new=SIZES, counts=st.lists(st.integers(0, 5), max_size=6))
def test_what_killed_writes_leave_is_recognised(old: int, new: int, counts: list[int]) -> None:
    sides = (b"o" * old, b"n" * new)
    held = sides[0]
    for number, count in enumerate(counts):
        held = _write_pages(held, sides[(number + 1) % 2], count)
    assert is_torn(held, *sides)


@given(old=SIZES, new=SIZES, split=SIZES)
def test_what_a_short_write_leaves_is_recognised(old: int, new: int, split: int) -> None:
    before, after = b"o" * old, b"n" * new
    assert is_torn(after[:split] + before[split:], before, after) or split > new


@given(old=st.binary(max_size=50), new=st.binary(max_size=50), other=st.binary(max_size=60))
def test_within_one_page_nothing_else_is_recognised(old: bytes, new: bytes, other: bytes) -> None:
    longest = range(max(len(old), len(new)) + 1)
    begun = {over[:split] + under[split:] for over, under in ((new, old), (old, new)) for split in longest}
    sizes = range(min(len(old), len(new)), max(len(old), len(new)) + 1)
    assert is_torn(other, old, new) == (other in {*begun, old, new} and len(other) in sizes)


def test_an_edit_by_somebody_else_is_not_recognised() -> None:
    old, new = b"o" * 3 * PAGE, b"n" * 3 * PAGE
    torn = new[:PAGE] + old[PAGE:]
    assert is_torn(torn, old, new)
    assert not is_torn(torn[:-1] + b"!", old, new)
    assert not is_torn(b"!" + torn[1:], old, new)
    assert not is_torn(torn + b"!", old, new)
    assert not is_torn(torn[:-1], old, new)
