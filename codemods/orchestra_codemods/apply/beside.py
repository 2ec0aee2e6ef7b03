"""Taking lines out that a run put in, where somebody put other lines directly beside them.

A three-way merge calls that a conflict, since it cannot know which of the neighbours belongs to whom. When
the run did nothing but insert, the lines that are its own are known exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_MOST_LINES = 5000
_Step = tuple[str, int, int, int, int]
"""What becomes of some lines, as SequenceMatcher.get_opcodes() says it."""


def without_insertions(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return ``ours`` without the lines that ``base`` has and ``theirs`` has not.

    None where the way from ``base`` to ``theirs`` is more than taking lines out, or where ``ours`` changed
    one of those lines or has others in between.
    """
    lines, now, then = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    if max(len(lines), len(now)) > _MOST_LINES:
        return None
    undoing = SequenceMatcher(None, lines, then, autojunk=False).get_opcodes()
    if any(tag in ("insert", "replace") for tag, *_ in undoing):
        return None
    since = SequenceMatcher(None, lines, now, autojunk=False).get_opcodes()
    ways = (since, list(_pushed_down(since, lines, now)))
    return next(
        (kept for one in ways if (kept := _without(lines, now, then, undoing, one)) is not None), None
    )


def _without(
    lines: Sequence[bytes],
    now: Sequence[bytes],
    then: list[bytes],
    undoing: Sequence[_Step],
    since: Sequence[_Step],
) -> bytes | None:
    changed = {index for tag, start, end, *_ in since if tag != "equal" for index in range(start, end)}
    added = {start for tag, start, *_ in since if tag == "insert"}
    taken: set[int] = set()
    for tag, start, end, _, _ in undoing:
        if tag == "delete":
            block = next((one for one in _slid(lines, start, end) if _is_whole(one, changed, added)), None)
            if block is None:
                return None
            taken.update(block)
    # Two blocks that slid may have met; then a line of the run would stay.
    if [line for index, line in enumerate(lines) if index not in taken] != then:
        return None
    kept: list[bytes] = []
    for tag, start, end, first, last in since:
        kept += (
            (lines[index] for index in range(start, end) if index not in taken)
            if tag == "equal"
            else now[first:last]
        )
    return b"".join(kept)


def _pushed_down(since: Sequence[_Step], lines: Sequence[bytes], now: Sequence[bytes]) -> Iterator[_Step]:
    """Yield the same way with each insertion as far down as it may stand for the same text.

    What follows a block may have been put behind its last blank lines or before them; nobody can tell.
    """
    pushed: tuple[int, int] | None = None
    for tag, start, end, first, last in since:
        by = 0
        if pushed is not None:  # what follows an insertion is equal
            begin, stop = pushed
            while by < end - start and lines[start + by] == now[begin + by]:
                by += 1
            yield "equal", start, start + by, begin, begin + by
            yield "insert", start + by, start + by, begin + by, stop + by
        pushed = (first, last) if tag == "insert" else None
        if pushed is None:
            yield tag, start + by, end, first + by, last
    if pushed is not None:
        yield "insert", len(lines), len(lines), *pushed


def _slid(lines: Sequence[bytes], start: int, end: int) -> Iterator[range]:
    """Yield the blocks whose removal leaves the same text: a blank line above may stand for one below."""
    yield range(start, end)
    first, last = start, end
    while first > 0 and lines[first - 1] == lines[last - 1]:
        first, last = first - 1, last - 1
        yield range(first, last)
    while end < len(lines) and lines[start] == lines[end]:
        start, end = start + 1, end + 1
        yield range(start, end)


def _is_whole(block: range, changed: set[int], added: set[int]) -> bool:
    return changed.isdisjoint(block) and added.isdisjoint(block[1:])
