"""What holds for every rule: documented, unique, right on its cases, silent on its near misses."""

from __future__ import annotations

import ast
import re

import pytest

from orchestra_codemods.change import Safety
from orchestra_codemods.lint.retired import RETIRED
from orchestra_codemods.lint.rule import Rule, discover
from orchestra_codemods.unit import Case
from tests.support.lint import files_of, findings, fixed, mended

RULES = discover()
BAD = [pytest.param(rule, case, id=f"{rule.slug}: {case.why}") for rule in RULES for case in rule.cases]
FIXED = [
    pytest.param(rule, case, id=f"{rule.slug}: {case.why}")
    for rule in RULES
    for case in rule.cases
    if case.after is not None
]
CLEAN = [pytest.param(rule, case, id=f"{rule.slug}: {case.why}") for rule in RULES for case in rule.clean]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_a_rule_says_what_why_and_when_its_fix_is_unsafe(rule: Rule) -> None:
    what, _, why = rule.documentation.strip().partition("\n\n")
    assert what.rstrip().endswith(".")
    assert len(why.split()) >= 12
    safeties = {fix.safety for case in rule.cases for one in findings(rule, case.before) if (fix := one.fix)}
    assert Safety.UNSAFE not in safeties or "unsafe" in why
    assert rule.default in {"on", "preview", "opt-in"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_a_rule_has_examples_and_near_misses(rule: Rule) -> None:
    assert rule.cases
    assert rule.clean


def test_codes_and_slugs_are_unique_and_no_retired_code_comes_back() -> None:
    codes, slugs = [rule.code for rule in RULES], [rule.slug for rule in RULES]
    assert sorted(set(codes)) == sorted(codes)
    assert sorted(set(slugs)) == sorted(slugs)
    assert not set(codes) & set(RETIRED)


@pytest.mark.parametrize(("rule", "case"), BAD)
def test_what_is_wrong_is_found(rule: Rule, case: Case) -> None:
    found = findings(rule, case.before)
    assert found
    assert {one.code for one in found} == {rule.code}
    assert all(one.message and not one.message.endswith(".") for one in found)


@pytest.mark.parametrize(("rule", "case"), BAD)
def test_a_fix_makes_what_the_case_says_and_no_more(rule: Rule, case: Case) -> None:
    after = fixed(rule, case.before)
    assert after == (case.before if case.after is None else case.after)


@pytest.mark.parametrize(("rule", "case"), FIXED)
def test_what_was_fixed_parses_keeps_comments_and_is_clean(rule: Rule, case: Case) -> None:
    assert case.after is not None
    if rule.case_path.endswith(".py"):
        ast.parse(case.after)
    assert findings(rule, case.after) == []
    for comment in (line.partition("#")[2] for line in case.before.splitlines() if "#" in line):
        assert comment in case.after or "orchestra:" in comment
    assert fixed(rule, case.after) == case.after


@pytest.mark.parametrize(("rule", "case"), CLEAN)
def test_a_near_miss_is_left_alone(rule: Rule, case: Case) -> None:
    assert case.after is None
    assert findings(rule, case.before) == []
    assert fixed(rule, case.before) == case.before


@pytest.mark.parametrize(("rule", "case"), FIXED)
@pytest.mark.parametrize("newline", ["\r\n", "\n"], ids=["tabs, CRLF", "tabs"])
def test_a_fix_fits_into_files_with_tabs_and_other_line_endings(rule: Rule, case: Case, newline: str) -> None:
    before = re.sub(
        r"^(?: {4})+", lambda spaces: "\t" * (len(spaces[0]) // 4), case.before, flags=re.MULTILINE
    )
    for path, text in mended(rule, before, newline).items():
        if path.endswith(".py"):
            compile(text, path, "exec")
        if path in files_of(rule, case.before):
            assert text.count("\n") == (text.count("\r\n") or (newline == "\n" and text.count("\n")))
