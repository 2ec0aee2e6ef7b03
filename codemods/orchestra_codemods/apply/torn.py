"""What is left of a file that was being written in place when the process died or the machine lost power.

Files are written in place page by page. A process is not killed inside the copying of a page, and pages reach
the disk in any order: so what is left has, page by page, the content of one side or of the other, however
often writing and taking back were interrupted. A short write (the disk is full) ends within a page.
"""

from __future__ import annotations

PAGE = 4096


def is_torn(content: bytes, old: bytes, new: bytes) -> bool:
    """Tell whether writing one of the two over the other, page by page, could have left ``content``."""
    shortest, longest = sorted((len(old), len(new)))
    if not shortest <= len(content) <= longest:
        return False
    return all(
        _is_mixed(*(text[start : start + PAGE] for text in (content, old, new)))
        for start in range(0, len(content), PAGE)
    )


def _is_mixed(page: bytes, old: bytes, new: bytes) -> bool:
    return page in (old, new) or _is_begun(page, old, new) or _is_begun(page, new, old)


def _is_begun(page: bytes, under: bytes, over: bytes) -> bool:
    """Tell whether a beginning of ``over`` stands before the rest of ``under``."""
    # If any split fits, then so does the longest, because the page is the new one up to there.
    split = len(page)
    if not over.startswith(page):
        split = next(place for place, byte in enumerate(page) if over[place : place + 1] != bytes((byte,)))
    return page[split:] == under[split:]
