"""No comment is lost, in whichever file it stands afterwards."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Iterator

from orchestra_codemods.source import Source
from orchestra_codemods.verify.problem import Problem, Trial


def lost_comments(trial: Trial) -> Iterator[Problem]:
    """Yield the changes of which a comment stands in no file that their units leave."""
    left: dict[str, Counter[str]] = {}
    for change in trial.python:
        for unit in change.units or ("",):
            left.setdefault(unit, Counter()).update(_comments(change.after))
    for change in trial.python:
        here = _comments(change.before) - _comments(change.after)
        elsewhere = Counter[str]()
        for unit in change.units or ("",):
            elsewhere |= left[unit]
        missing = here - elsewhere
        if missing:
            yield Problem(change, f"the comment {next(iter(missing))!r} would be lost")


def _comments(source: Source | None) -> Counter[str]:
    if source is None or "#" not in source.text:
        return Counter()
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source.text, newline="").readline))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return Counter()
    return Counter(token.string.rstrip() for token in tokens if token.type == tokenize.COMMENT)
