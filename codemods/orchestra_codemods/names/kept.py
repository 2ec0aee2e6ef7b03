"""Places that a person wants left alone: `# orchestra: keep` on a line, or on the head of a block."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping

from orchestra_codemods.names.memory import parse

_KEEP = re.compile(r"#\s*orchestra:\s*keep\b")


def keeps(text: str) -> Mapping[int, range]:
    """Return the lines of the comments in a text that parses, each with the lines which it keeps.

    Anywhere in a statement it keeps the whole of it; on the head of a class, a function or another block,
    decorators included, the whole block.
    """
    if "orchestra:" not in text:
        return {}
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    found = {
        token.start[0]: range(token.start[0], token.start[0] + 1)
        for token in tokens
        if token.type == tokenize.COMMENT and _KEEP.search(token.string)
    }
    for head, whole in _statements(parse(text)) if found else ():
        found.update({line: whole for line in found if line in head})
    return found


def kept_lines(text: str) -> frozenset[int]:
    """Return every line of a text that is kept."""
    return frozenset(line for lines in keeps(text).values() for line in lines)


def is_kept(kept: frozenset[int], first_line: int, text: str) -> bool:
    """Tell whether a statement of this text, from its first line on, has a kept line."""
    return bool(kept & set(range(first_line, first_line + text.count("\n") + 1)))


def _statements(tree: ast.Module) -> Iterator[tuple[range, range]]:
    """Yield the lines of the head of each statement, and those of all of it, the inner ones first."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            decorators = getattr(node, "decorator_list", [])
            first = min(each.lineno for each in (node, *decorators))
            whole = range(first, (node.end_lineno or first) + 1)
            body = getattr(node, "body", None)
            found.append((range(first, body[0].lineno) if body else whole, whole))
    return iter(sorted(found, key=lambda pair: pair[0].start, reverse=True))
