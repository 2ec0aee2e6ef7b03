"""A file cannot be parsed.

No rule can speak about it, so its silence means nothing. Files that no rule is concerned with are parsed for this alone,
up to 4 MB of them; in larger trees by ruff where it is installed, or with `--syntax`. A file that is named, or comes from
an editor, always is.
"""

from __future__ import annotations

from orchestra_codemods.unit import Case

CODE = "ORC900"
TOKENS = ((b"BaseOrchestrator",),)
IN_TESTS = True


def check(_file: object, _node: object) -> object:
    """Nothing to look at: the engine reports what it could not parse."""
    return iter(())


CASES = (
    Case("a syntax error", "import BaseOrchestrator\n\ndef broken(:\n    pass\n"),
    Case("a byte that Python does not allow", 'import BaseOrchestrator\nname = "\x00"\n'),
)
CLEAN = (Case("a file that parses", "import asyncio\n"),)
