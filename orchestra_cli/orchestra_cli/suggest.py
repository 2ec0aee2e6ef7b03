"""The nearest thing that exists, for whoever misspelled it."""

from __future__ import annotations

from collections.abc import Iterable

_CUTOFF = 0.6
_AS_GOOD = 0.08


def did_you_mean(wrong: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a hint that names the nearest of ``known``, or ``otherwise`` where nothing is near.

    Several are named only where they are about equally near.
    """
    from difflib import SequenceMatcher

    folded = wrong.lower()
    scores = {name: SequenceMatcher(None, folded, name.lower()).ratio() for name in known}
    best = max(scores.values(), default=0.0)
    if best < _CUTOFF:
        return otherwise
    nearest = sorted(
        (name for name in scores if scores[name] >= best - _AS_GOOD), key=lambda name: -scores[name]
    )
    return f"Did you mean {' or '.join(f'`{name}`' for name in nearest[:3])}?"
