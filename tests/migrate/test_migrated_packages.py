"""The page about real packages says what was measured, and a package has its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus import migrated_page as page
from tests.corpus import refusal_reasons
from tests.corpus.copied import Copy, OutOfTimeError


def test_the_page_says_what_is_kept() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.rendered()


def test_every_kind_of_reason_that_was_found_is_judged() -> None:
    lines = [line.split("\t") for line in refusal_reasons.KEPT.read_text(encoding="utf-8").splitlines()]
    judged = {kind for kind, _, text in refusal_reasons.kinds() if text}
    assert {kind for _, kind, *_ in lines} <= judged


def test_a_class_counts_once_for_each_kind_and_alone_where_it_has_no_other() -> None:
    whys = {
        "a": ["the decorator @x may replace the class", "the decorator @y may replace the class"],
        "b": ["the decorator @x may replace the class", "a kind of Enum: it is a value"],
        "c": ["of no kind"],
    }
    found = refusal_reasons.of({"unit": unit, "why": why} for unit, each in whys.items() for why in each)
    assert found == {
        "a decorator of the class": (2, 1),
        "a value or a dataclass": (1, 0),
        refusal_reasons.OTHER: (1, 1),
    }


def test_what_takes_longer_than_it_may_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.orchestra]\n")
    with pytest.raises(OutOfTimeError):
        Copy(tmp_path, tmp_path / "state", None, deadline=0.0).orchestra("scan")
