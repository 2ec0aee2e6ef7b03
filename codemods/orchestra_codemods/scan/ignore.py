"""Patterns as in .gitignore, for `exclude` in the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Patterns:
    """Decides by the last pattern that matches, as git does; ``!`` takes a path back in."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [_compiled(pattern) for pattern in patterns if pattern.strip() and pattern[0] != "#"]

    def excludes(self, path: str) -> bool:
        """Tell whether a file is left out, itself or by one of its folders."""
        if not self._rules:
            return False
        parts = path.split("/")
        folders = ("/".join(parts[:length]) for length in range(1, len(parts)))
        return any(self._decides(folder, is_folder=True) for folder in folders) or self._decides(
            path, is_folder=False
        )

    def _decides(self, path: str, *, is_folder: bool) -> bool:
        is_out = False
        for matcher, is_negated, wants_folder in self._rules:
            if (is_folder or not wants_folder) and matcher.fullmatch(path):
                is_out = not is_negated
        return is_out


def _compiled(pattern: str) -> tuple[re.Pattern[str], bool, bool]:
    is_negated = pattern.startswith("!")
    body = pattern.removeprefix("!").rstrip()
    wants_folder = body.endswith("/")
    body = body.rstrip("/")
    is_anchored = "/" in body
    body = body.lstrip("/").removeprefix("./")
    expression = _expression(body)
    return re.compile(expression if is_anchored else f"(?:.*/)?{expression}"), is_negated, wants_folder


def _expression(body: str) -> str:
    pieces = re.split(r"(\*\*/|/\*\*$|\*\*|\*|\?|\[[^\]]*\])", body)
    known = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(known.get(piece) or _literal(piece) for piece in pieces)


def _literal(piece: str) -> str:
    if not (piece.startswith("[") and piece.endswith("]") and len(piece) > 2):
        return re.escape(piece)
    members = re.escape(piece[1:-1].lstrip("!^")).replace("\\-", "-")
    return f"[^{members}]" if piece[1] in "!^" else f"[{members}]"
