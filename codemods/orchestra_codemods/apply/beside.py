"""Taking lines out that a run put in, where somebody put other lines directly beside them.

A three-way merge calls that a conflict, since it cannot know which of the neighbours belongs to whom. When
the run did nothing but insert, the lines that are its own are known exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_MOST_LINES = 5000


def without_insertions(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return ``ours`` without the lines that ``base`` has and ``theirs`` has not.

    None where the way from ``base`` to ``theirs`` is more than taking lines out, or where ``ours`` changed
    one of those lines or has others in between.
    """
    lines, now, then = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    if max(len(lines), len(now)) > _MOST_LINES:
        return None
    undoing = SequenceMatcher(None, lines, then, autojunk=False).get_opcodes()
    since = SequenceMatcher(None, lines, now, autojunk=False).get_opcodes()
    if any(tag in ("insert", "replace") for tag, *_ in undoing):
        return None
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
