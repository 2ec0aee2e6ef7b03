"""The page about precision is what the kept judgments say, and so is what is on by default."""

from __future__ import annotations

from collections import Counter

import pytest

from orchestra_codemods.lint.rule import Rule, discover
from tests.corpus import precision_page as page


def test_the_page_is_written_from_the_judgments() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.rendered()


@pytest.mark.parametrize("rule", discover(), ids=lambda rule: rule.slug)
def test_a_rule_that_is_on_was_wrong_once_at_most(rule: Rule) -> None:
    judged = Counter(one.verdict for one in page.judgments() if one.code == rule.code)
    assert judged["true"] + judged["false"] >= min(page.hits()[rule.code], 100)
    if rule.default == "on":
        assert judged["false"] <= 1


def test_ten_packages_and_more_are_pinned() -> None:
    assert len(page.packages()) >= 10
    assert all(one.count("==") == 1 for one in page.packages())
    assert {one.package for one in page.judgments()} <= {one.replace("==", "-") for one in page.packages()}


@pytest.mark.parametrize(
    ("judged", "wrong", "bound"), [(30, 0, 0.905), (100, 1, 0.953), (1, 0, 0.05), (14, 1, 0.703)]
)
def test_the_bound_is_that_of_clopper_and_pearson(judged: int, wrong: int, bound: float) -> None:
    assert page.lower_bound(judged, wrong) == pytest.approx(bound, abs=0.001)
