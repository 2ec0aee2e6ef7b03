"""No file uses a name that nothing defines, unless it did before."""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.names.free import globals_of
from orchestra_codemods.source import Source
from orchestra_codemods.verify.problem import Problem, Trial


def new_undefined_names(trial: Trial) -> Iterator[Problem]:
    """Yield the changes that would leave a use of a name without a definition in its file."""
    known: set[str] = set()
    for change in trial.python:
        if change.before is not None:
            known |= undefined_names(change.before)
    for change in trial.python:
        if change.after is not None:
            fresh = sorted(undefined_names(change.after) - known)
            if fresh:
                yield Problem(change, f"nothing would define {', '.join(fresh)}")


def undefined_names(source: Source) -> frozenset[str]:
    """Return the names that a file uses and does not define; none where a star import may bring them."""
    found = globals_of(source.text, source.path)
    return frozenset() if found is None or "import *" in source.text else found.missing
