"""Looking at bytes before anything is parsed: what a rule is about must stand there in some such form.

A test here may say "perhaps" too often, never "no" to what the rule would find; it costs a search where
parsing costs a hundred times as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Test = Callable[[bytes], bool]
Part = bytes | re.Pattern[bytes] | Test

ASYNC = (b"async",)
SPAWNS = (b"create_task", b"ensure_future")
CLOSING_DEF = re.compile(
    rb"[ \t]*async def _*(?:async_|a)?(?:cleanup|clean_up|close|stop|shutdown|shut_down|terminate|teardown|tear_down|"  # noqa: E501
    rb"dispose|disconnect|cancel|finish|exit|_aexit__|\w+_stop|\w+_shutdown|\w+_close|\w+_cleanup)\w*\(",
)
_SELF = re.compile(rb"(?:async )?def \w+\(self")


def fragment(data: bytes) -> bool:
    """Tell whether a method stands without its class: an excerpt, as documents show it."""
    return any(_SELF.match(data, start, end) for start, end in lines_with(data, b"(self"))


FRAGMENT = fragment
CANCELS = re.compile(rb"\.cancel\b|\bcancel\w*\(|_cancel\w*\(")


def matches(part: Part, data: bytes) -> bool:
    """Tell whether a part of a prefilter is fulfilled."""
    if isinstance(part, bytes):
        return part in data
    return part.search(data) is not None if isinstance(part, re.Pattern) else part(data)


def lines_with(data: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each line that holds the needle."""
    position = data.find(needle)
    while position >= 0:
        start, end = data.rfind(b"\n", 0, position) + 1, data.find(b"\n", position)
        end = len(data) if end < 0 else end
        yield start, end
        position = data.find(needle, end)


def bodies(
    data: bytes, needle: bytes, header: re.Pattern[bytes]
) -> Iterator[tuple[re.Match[bytes], bytes, int]]:
    """Yield each line with the needle that the header matches from its beginning, and what stands below it.

    That is the text which is indented deeper, and the offset of its end.
    """
    for start, line_end in lines_with(data, needle):
        match = header.match(data, start, line_end)
        if match is not None:
            depth = line_end - start - len(data[start:line_end].lstrip(b" \t"))
            end = _dedent(depth).search(data, line_end)
            stop = end.start() if end else len(data)
            yield match, data[match.end() : stop], stop


def _dedent(depth: int) -> re.Pattern[bytes]:
    found = _DEDENTS.get(depth)
    if found is None:
        found = _DEDENTS[depth] = re.compile(rb"\n[ \t]{0,%d}[^\s)#\]}]" % depth)
    return found


_DEDENTS: dict[int, re.Pattern[bytes]] = {}
