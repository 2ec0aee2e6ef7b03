"""Lines that a person wants left alone: `# orchestra: keep`."""

from __future__ import annotations

import io
import re
import tokenize

_KEEP = re.compile(r"#\s*orchestra:\s*keep\b")


def kept_lines(text: str) -> frozenset[int]:
    """Return the lines of a text that have the comment."""
    if "orchestra:" not in text:
        return frozenset()
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return frozenset(
        token.start[0] for token in tokens if token.type == tokenize.COMMENT and _KEEP.search(token.string)
    )


def is_kept(kept: frozenset[int], first_line: int, text: str) -> bool:
    """Tell whether a statement of this text, from its first line on, has a kept line."""
    return bool(kept & set(range(first_line, first_line + text.count("\n") + 1)))
