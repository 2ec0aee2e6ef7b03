"""Why classes of real packages are refused, by kind, and whether that is right.

refusal_kinds.tsv has a line a kind: its name, how its reasons begin (a regular expression), and what reading
samples of them came to. refusal_reasons.tsv keeps what the runs found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KINDS = HERE / "refusal_kinds.tsv"
KEPT = HERE / "refusal_reasons.tsv"
OTHER = "another reason"
Reasons = Mapping[str, tuple[int, int]]
"""By kind: how many classes have a reason of it, and how many have no other."""


def kinds() -> list[tuple[str, str, str]]:
    """Return each kind, how its reasons begin, and what was found about them."""
    return [(kind, pattern, text) for kind, pattern, text in _lines(KINDS)]


def of(refusals: Iterable[Mapping[str, Any]]) -> Reasons:
    """Return the reasons of a report's refusals; a class counts once for each kind that it has."""
    by_class: dict[str, set[str]] = {}
    for one in refusals:
        by_class.setdefault(one["unit"], set()).add(kind_of(one["why"]))
    every = Counter(kind for found in by_class.values() for kind in found)
    alone = Counter(kind for found in by_class.values() for kind in found if len(found) == 1)
    return {kind: (count, alone[kind]) for kind, count in every.items()}


def kind_of(why: str) -> str:
    """Return the kind of a reason."""
    return next((kind for kind, pattern, _ in kinds() if re.match(pattern, why)), OTHER)


def keep(package: str, reasons: Reasons) -> None:
    """Keep the reasons of a package instead of older ones."""
    kept = [line for line in _lines(KEPT) if line[0] != package]
    kept += [[package, kind, str(count), str(alone)] for kind, (count, alone) in reasons.items()]
    KEPT.write_text("".join("\t".join(line) + "\n" for line in sorted(kept)), encoding="utf-8")


def table() -> list[str]:
    """Return the table of reasons, the most frequent first."""
    classes, alone = Counter[str](), Counter[str]()
    for _, kind, count, only in _lines(KEPT):
        classes[kind] += int(count)
        alone[kind] += int(only)
    judged = {kind: text for kind, _, text in kinds()}
    rows = [
        f"| {kind} | {count} | {alone[kind]} | {judged.get(kind, 'not judged')} |"
        for kind, count in sorted(classes.items(), key=lambda each: (-each[1], each[0]))
    ]
    return [
        "| why a class stays | classes | only that | is it right? |",
        "|---|---:|---:|---|",
        *rows,
        "",
    ]


def _lines(file: Path) -> list[list[str]]:
    if not file.exists():
        return []
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
