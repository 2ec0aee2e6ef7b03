"""The judgments that are kept, and docs/reference/lint-precision.md, which is written from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import comb
from pathlib import Path

from orchestra_codemods.lint.rule import all_rules

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reference" / "lint-precision.md"
JUDGMENTS, HITS, PACKAGES, INTRODUCTION = (
    HERE / name
    for name in ("lint_judgments.tsv", "lint_hits.tsv", "lint_packages.txt", "lint_precision_introduction.md")
)


@dataclass(frozen=True)
class Judgment:
    """What a reader of the code said of one finding: ``true``, ``false``, or ``gone``.

    What is gone was false, and is no longer found.
    """

    code: str
    verdict: str
    package: str
    place: str
    note: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Rule, package, and path:line:column."""
        return self.code, self.package, self.place


def judgments() -> list[Judgment]:
    """Return all judgments; raises ValueError for one that is none."""
    found = [Judgment(*line.split("\t")) for line in JUDGMENTS.read_text(encoding="utf-8").splitlines()]
    wrong = [one for one in found if one.verdict not in {"true", "false", "gone"}]
    if wrong:
        raise ValueError(f"no judgment: {wrong[0]}")
    return found


def packages() -> list[str]:
    """Return the pinned packages."""
    return PACKAGES.read_text(encoding="utf-8").split()


def hits() -> dict[str, int]:
    """Return the number of findings of each rule in the last run."""
    pairs = (line.split("\t") for line in HITS.read_text(encoding="utf-8").splitlines())
    return {code: int(count) for code, count in pairs}


def keep_hits(counts: dict[str, int]) -> None:
    """Write the number of findings of each rule."""
    HITS.write_text("".join(f"{code}\t{count}\n" for code, count in sorted(counts.items())), encoding="utf-8")


def lower_bound(judged: int, wrong: int) -> float:
    """Return the one-sided 95 % Clopper-Pearson bound of the share that is right, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        as_good = sum(
            comb(judged, right) * middle**right * (1 - middle) ** (judged - right)
            for right in range(judged - wrong, judged + 1)
        )
        low, high = (middle, high) if as_good < 0.05 else (low, middle)
    return low


def rendered() -> str:
    """Return the page."""
    judged = [one for one in judgments() if one.verdict != "gone"]
    counts, wrong = (
        Counter(one.code for one in judged),
        Counter(one.code for one in judged if one.verdict == "false"),
    )
    rows = []
    for rule in all_rules():
        bound = f"{lower_bound(counts[rule.code], wrong[rule.code]):.0%}" if counts[rule.code] else "-"
        rows.append(
            f"| {rule.code} | {rule.slug} | {rule.default} | {hits().get(rule.code, 0)} "
            f"| {counts[rule.code]} | {wrong[rule.code]} | {bound} |\n"
        )
    falses = [
        f"| {one.code} | {one.package} {one.place.rpartition(':')[0]} | {one.note} "
        f"| {'yes' if one.verdict == 'false' else 'no'} |\n"
        for one in judgments()
        if one.verdict != "true"
    ]
    named = ", ".join(one.replace("==", " ") for one in packages())
    return INTRODUCTION.read_text(encoding="utf-8").format(
        count=len(packages()), packages=named, rules="".join(rows), falses="".join(falses)
    )
