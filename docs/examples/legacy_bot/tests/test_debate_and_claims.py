"""Debates and claims."""

from unittest import mock

import pytest

from content_bot import diagnostics
from content_bot.analysis import ClaimCheckOrchestrator, DebateAnalysisOrchestrator, Verdict
from content_bot.analysis.claims import CHECK_METRICS, EvidenceBase, get_claim_checker
from content_bot.analysis.debate import Side

LINES = [
    "anchor: welcome to the budget debate",
    "minister: The budget is a great success. Critics are awful.",
    "this line has no speaker",
    "critic: The budget is a terrible mistake",
]
FACTS = {"taxes fell by two percent": True, "the harbour is closed": False}


@pytest.fixture
def debate():
    return DebateAnalysisOrchestrator.from_lines(LINES, "budget")


@pytest.fixture
def checker():
    return ClaimCheckOrchestrator(EvidenceBase(FACTS))


def test_from_lines_ignores_lines_without_speaker(debate):
    assert isinstance(debate, DebateAnalysisOrchestrator)
    assert debate.turn_count == 3


def test_second_summary_wins(debate):
    assert debate.summary() == {
        "topic": "budget",
        "turns": 3,
        "balance": 0.33,
        "sides": {"anchor": "neutral", "critic": "against", "minister": "neutral"},
        "keywords": ["budget", "awful", "critics"],
    }


def test_short_debate_raises():
    with pytest.raises(ValueError, match="two turns"):
        DebateAnalysisOrchestrator("nothing").summary()


def test_minimum_turns_is_read_from_the_module(debate, monkeypatch):
    monkeypatch.setattr("content_bot.analysis.debate.MINIMUM_TURNS", 4)
    with pytest.raises(ValueError):
        debate.summary()


def test_turns_are_positional_only(debate):
    assert debate.add_turn("guest", "one", "two", "three") == 6
    with pytest.raises(TypeError):
        debate.add_turn(speaker="guest", text="one")


def test_limit_property(debate):
    assert debate.limit == 3
    debate.limit = 1
    assert debate.summary()["keywords"] == ["budget"]
    with pytest.raises(ValueError):
        debate.limit = 0


def test_static_methods_work_on_class_and_instance(debate):
    assert DebateAnalysisOrchestrator.side_of("great") is Side.FOR
    assert debate.side_of("awful") is Side.AGAINST
    assert DebateAnalysisOrchestrator.speakers_of([("b", ""), ("a", ""), ("b", "")]) == ["a", "b"]


def test_contradictions(debate):
    assert debate.contradictions("minister") == [("The budget is a great success.", "Critics are awful.")]
    assert debate.contradictions("anchor") == []


def test_balance_of_nothing_is_zero():
    assert DebateAnalysisOrchestrator().balance() == 0.0


def test_bare_instance_works_without_its_constructor():
    debate = diagnostics.bare_debate()
    debate.add_turn("a", "good")
    debate.add_turn("b", "bad words")
    assert debate.summary()["topic"] == "bare"


@pytest.mark.asyncio
async def test_verdicts(checker):
    assert await checker.check("Taxes fell by two percent!") is Verdict.SUPPORTED
    assert await checker.check("the harbour is closed") is Verdict.DISPUTED
    assert await checker.check("ferries are blue") is Verdict.UNKNOWN


@pytest.mark.asyncio
async def test_options_reach_the_check(checker):
    assert await checker.check("taxes fell") is Verdict.SUPPORTED
    assert await checker.check("taxes fell", threshold=0.9) is Verdict.UNKNOWN


@pytest.mark.asyncio
async def test_check_all_keeps_the_order(checker):
    verdicts = await checker.check_all("the harbour is closed", "taxes fell by two percent")
    assert list(verdicts.items()) == [
        ("the harbour is closed", Verdict.DISPUTED),
        ("taxes fell by two percent", Verdict.SUPPORTED),
    ]


@pytest.mark.asyncio
async def test_trustworthy_is_a_bool(checker):
    assert await checker.is_trustworthy("Taxes fell by two percent.") is True
    assert await checker.is_trustworthy("Taxes fell by two percent. The harbour is closed.") is False


@pytest.mark.asyncio
async def test_stream_yields_one_by_one(checker):
    text = "The harbour is closed. Ferries are blue. Taxes fell by two percent."
    seen = [pair async for pair in checker.run_stream(text)]
    assert [verdict for _, verdict in seen] == [Verdict.DISPUTED, Verdict.UNKNOWN, Verdict.SUPPORTED]
    known = [claim async for claim, _ in checker.run_stream(text, skip_unknown=True)]
    assert known == ["The harbour is closed.", "Taxes fell by two percent."]


@pytest.mark.asyncio
async def test_stream_can_be_left_early(checker):
    stream = checker.run_stream("The harbour is closed. Ferries are blue.")
    assert (await anext(stream))[1] is Verdict.DISPUTED
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


@pytest.mark.asyncio
async def test_with_evidence_returns_the_value_and_puts_the_evidence_back(checker):
    before = checker.evidence
    empty = EvidenceBase()

    async def both(a, b):
        return [await checker.check(a), await checker.check(b)]

    answer = await checker.with_evidence(empty, both, "taxes fell by two percent", "x")
    assert answer == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert checker.evidence is before


@pytest.mark.asyncio
async def test_connection_errors_are_tried_three_times(checker):
    checker.evidence.lookup = mock.AsyncMock(side_effect=[ConnectionError, ConnectionError, (1.0, True)])
    assert await checker.check("anything") is Verdict.SUPPORTED
    checker.evidence.lookup = mock.AsyncMock(side_effect=ConnectionError("down"))
    with pytest.raises(ConnectionError, match="down"):
        await checker.check("anything")
    assert checker.evidence.lookup.await_count == 3
    assert ClaimCheckOrchestrator.check.attempts == 3


def test_accessor_keeps_one_per_strictness():
    strict = get_claim_checker("strict")
    assert strict is get_claim_checker(strictness="strict")
    assert strict is not get_claim_checker()
    assert strict.threshold == 0.7


def test_unknown_strictness_is_a_key_error():
    with pytest.raises(KeyError):
        get_claim_checker("merciless")


@pytest.mark.asyncio
async def test_strictness_table_can_be_patched():
    with mock.patch.dict("content_bot.analysis.claims.STRICTNESS", {"odd": 0.99}):
        assert get_claim_checker("odd").threshold == 0.99


@pytest.mark.asyncio
async def test_checks_are_counted(checker):
    before = CHECK_METRICS.value("checked")
    await checker.check_all("a", "b", "c")
    assert CHECK_METRICS.value("checked") == before + 3
