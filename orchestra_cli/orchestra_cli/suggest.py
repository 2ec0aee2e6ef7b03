"""The nearest thing that exists, for whoever misspelled it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

_CUTOFF = 0.6
_AS_GOOD = 0.08


def did_you_mean(wrong: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a hint that names the nearest of ``known``, or ``otherwise`` where nothing is near.

    Several are named only where they are about equally near.
    """
    folded = wrong.lower()
    scores = {name: _likeness(folded, name.lower()) for name in known}
    best = max(scores.values(), default=0.0)
    if best < _CUTOFF:
        return otherwise
    nearest = sorted(
        (name for name in scores if scores[name] >= best - _AS_GOOD), key=lambda name: -scores[name]
    )
    return f"Did you mean {' or '.join(f'`{name}`' for name in nearest[:3])}?"


def listed(names: Iterable[str], most: int = 8) -> str:
    """Return names for a sentence, the last of many only counted."""
    ordered = list(names)
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return ", ".join(ordered[:most]) + more


def _likeness(wrong: str, name: str) -> float:
    """Return how alike two names are; one that was only begun is nearly as like as one misspelled."""
    begun = SequenceMatcher(None, wrong, name[: len(wrong) + 1]).ratio()
    return max(SequenceMatcher(None, wrong, name).ratio(), 0.9 * begun)
