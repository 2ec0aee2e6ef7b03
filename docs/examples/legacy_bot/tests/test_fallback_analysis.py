"""The fallback workflow."""

import inspect
import logging
from unittest import mock

import pytest

from content_bot.analysis.fallback_analysis_orchestrator import DEPTHS, FallbackAnalysisOrchestrator
from content_bot.errors import FetchError
from content_bot.models import Document
from content_bot.step_result import ErrorCategory

INTERVIEW = "https://videos.example/interview"
HARBOUR = "https://news.example/harbour"
EMPTY = "https://news.example/empty"


@pytest.fixture
def orch():
    return FallbackAnalysisOrchestrator()


class TestFallbackAnalysisOrchestrator:
    @pytest.mark.asyncio
    async def test_workflow_sends_a_report_and_returns_nothing(self, orch, interaction):
        answer = await orch.execute_fallback_workflow(interaction, INTERVIEW)
        assert answer is None
        assert interaction.sent[0] == f"Analysing {INTERVIEW} ..."
        assert interaction.sent[1].startswith("**The long interview**")
        assert interaction.sent[-1].endswith("(fallback analysis)")

    @pytest.mark.asyncio
    async def test_workflow_takes_keywords(self, orch, interaction):
        await orch.execute_fallback_workflow(
            interaction=interaction, content_url=HARBOUR, depth="quick", tenant="north"
        )
        assert "To check" not in interaction.sent[-1]

    @pytest.mark.asyncio
    async def test_unknown_depth_raises_before_anything_is_sent(self, orch, interaction):
        with pytest.raises(ValueError, match="unknown depth 'abyssal'"):
            await orch.execute_fallback_workflow(interaction, INTERVIEW, "abyssal")
        assert interaction.sent == []

    @pytest.mark.asyncio
    async def test_unreachable_page_becomes_an_apology(self, orch, interaction, caplog):
        caplog.set_level(logging.WARNING)
        await orch.execute_fallback_workflow(interaction, "https://nowhere.example/")
        assert interaction.sent[-1] == (
            "Sorry, that did not work: cannot fetch https://nowhere.example/: not in the library"
        )
        assert "fallback analysis of https://nowhere.example/ failed" in caplog.text


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("depth", "present", "absent"),
    [
        ("quick", {"summary", "sentiment"}, {"claims", "words_per_sentence"}),
        ("standard", {"summary", "claims"}, {"words_per_sentence"}),
        ("deep", {"summary", "claims", "words_per_sentence"}, set()),
    ],
)
async def test_depth_decides_the_stages(orch, depth, present, absent):
    result = await orch.analyse(INTERVIEW, depth)
    assert result.success
    assert present <= set(result.data)
    assert not absent & set(result.data)
    assert len(result["summary"]) == min(DEPTHS[depth], 6)


@pytest.mark.asyncio
async def test_tenant_is_keyword_only(orch):
    result = await orch.analyse(HARBOUR, tenant="north")
    assert result["tenant"] == "north"
    with pytest.raises(TypeError):
        await orch.analyse(HARBOUR, "quick", "north")


def test_signature_is_what_callers_rely_on():
    signature = inspect.signature(FallbackAnalysisOrchestrator.execute_fallback_workflow)
    assert list(signature.parameters) == ["self", "interaction", "content_url", "depth", "tenant"]
    assert signature.parameters["depth"].default == "standard"
    assert inspect.iscoroutinefunction(FallbackAnalysisOrchestrator.execute_fallback_workflow)


@pytest.mark.asyncio
async def test_empty_document_fails_as_validation(orch):
    result = await orch.analyse(EMPTY)
    assert not result.success
    assert result.error_category is ErrorCategory.VALIDATION


@pytest.mark.asyncio
async def test_fetch_is_patched_inside_the_module(orch):
    page = Document("https://x.example/", "Patched", "A good page.")
    with mock.patch(
        "content_bot.analysis.fallback_analysis_orchestrator.fetch_document", new=mock.AsyncMock(return_value=page)
    ) as fetch:
        result = await orch.analyse("https://x.example/", "quick")
    assert result["title"] == "Patched"
    assert result["sentiment"] == 1.0
    fetch.assert_awaited_once_with("https://x.example/")


@pytest.mark.asyncio
async def test_network_error_of_the_patched_fetch(orch):
    failing = mock.AsyncMock(side_effect=FetchError("https://x.example/", "tired"))
    with mock.patch("content_bot.analysis.fallback_analysis_orchestrator.fetch_document", failing):
        result = await orch.analyse("https://x.example/")
        assert await orch.can_handle("https://x.example/") is False
    assert result.error == "cannot fetch https://x.example/: tired"
    assert result.error_category is ErrorCategory.NETWORK


@pytest.mark.asyncio
async def test_a_failing_stage_is_reported_and_does_not_cost_the_rest(orch, monkeypatch):
    def broken(text):
        raise ZeroDivisionError("no words")

    monkeypatch.setattr("content_bot.analysis.fallback_analysis_orchestrator.sentiment_score", broken)
    result = await orch.analyse(INTERVIEW)
    assert result.success
    assert result["failed_stages"] == ["_stage_sentiment"]
    assert result["claims"]


@pytest.mark.asyncio
async def test_message_limit_is_read_from_the_module(orch, interaction):
    with mock.patch("content_bot.analysis.fallback_analysis_orchestrator.MESSAGE_LIMIT", 60):
        await orch.execute_fallback_workflow(interaction, INTERVIEW, "deep")
    assert len(interaction.sent) > 5
    assert all(len(text) <= 60 for text in interaction.sent[1:])


@pytest.mark.asyncio
async def test_summarise_returns_a_dict(orch):
    answer = await orch.summarise("Ferries run. Ferries run often. Nobody knows.", limit=2)
    assert answer == {
        "summary": ["Ferries run often.", "Ferries run."],
        "keywords": ["ferries", "run", "knows", "nobody", "often"],
        "length": 45,
    }


@pytest.mark.parametrize(("score", "mood"), [(0.5, "friendly"), (-0.5, "hostile"), (0.0, "mixed")])
def test_mood(orch, score, mood):
    assert orch._mood(score) == mood


def test_own_logger_and_footer(orch):
    assert isinstance(orch.logger, logging.Logger)
    assert FallbackAnalysisOrchestrator.footer == "(fallback analysis)"


@pytest.mark.asyncio
async def test_instances_are_independent(interaction):
    first, second = FallbackAnalysisOrchestrator(), FallbackAnalysisOrchestrator()
    first.footer = "(mine)"
    await first.execute_fallback_workflow(interaction, HARBOUR, "quick")
    assert interaction.sent[-1].endswith("(mine)")
    assert second.footer == "(fallback analysis)"
