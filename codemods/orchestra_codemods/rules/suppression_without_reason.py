"""A suppression has no reason, names an unknown rule, silences nothing, or has expired.

`# orchestra: ignore[dangling-task] the broker keeps it until=2027-01-31` says which rule, why, and until when.
Without the reason nobody dares to remove it; one that silences nothing hides the next finding on its line.

The fix removes a suppression that silences nothing. It is safe: it changes a comment.
"""

from __future__ import annotations

from orchestra_codemods.unit import Case

CODE = "ORC901"
IN_TESTS = True
TOKENS = ((b"orchestra: ignore",),)


def check(_file: object, _node: object) -> object:
    """Nothing to look at: the engine judges suppressions when all rules have spoken."""
    return iter(())


CASES = (
    Case("no reason, no rule", "import asyncio\n\nA = 1  # orchestra: ignore\n"),
    Case("an unknown rule", "A = 1  # orchestra: ignore[dangling-tsk] the broker keeps it\n"),
    Case("expired", "A = 1  # orchestra: ignore[dangling-task] the broker keeps it until=2026-01-31\n"),
)
CLEAN = (
    Case("in a string", 'A = "# orchestra: ignore"\n'),
    Case("another comment of ours", "A = 1  # orchestra: keep\n"),
    Case(
        "a reason and a date to come",
        "A = 1  # orchestra: ignore[dangling-task] the broker keeps it until=2027-01-31\n",
    ),
)
