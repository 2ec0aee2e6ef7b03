"""Combinations of options in which every two choices meet at least once, in a fixed order."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

Choice = Mapping[str, Any]


def pairwise(options: Mapping[str, Sequence[object]], *, at_least: int, seed: int) -> list[Choice]:
    """Return combinations that cover every pair of values of every two options.

    Greedy: of some random candidates the one with most new pairs is taken; then random ones fill up to
    ``at_least``. The same seed gives the same list.
    """
    chance = random.Random(seed)
    names = list(options)
    missing = {
        ((one, repr(a)), (two, repr(b)))
        for one, two in combinations(names, 2)
        for a, b in product(options[one], options[two])
    }
    chosen: list[Choice] = []
    while missing or len(chosen) < at_least:
        candidates = [{name: chance.choice(options[name]) for name in names} for _ in range(40)]
        best = max(candidates, key=lambda candidate: len(pairs(candidate) & missing))
        missing -= pairs(best)
        chosen.append(best)
    return chosen


def pairs(choice: Choice) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Return all pairs of values in a combination."""
    return {
        ((one, repr(choice[one])), (two, repr(choice[two]))) for one, two in combinations(list(choice), 2)
    }
