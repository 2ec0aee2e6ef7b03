"""The nearest thing that exists, for whoever misspelled it."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(wrong: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return a hint that names the nearest of ``known``, or ``otherwise`` where nothing is near."""
    from difflib import get_close_matches

    by_folded = {name.lower(): name for name in known}
    nearest = get_close_matches(wrong.lower(), by_folded, n=3, cutoff=0.6)
    if not nearest:
        return otherwise
    return f"Did you mean {' or '.join(f'`{by_folded[name]}`' for name in nearest)}?"
