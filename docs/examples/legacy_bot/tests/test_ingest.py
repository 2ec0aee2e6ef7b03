"""The ingestion pipeline, imported the way the deployment does it: from the checkout's root."""

from pathlib import Path
from unittest.mock import AsyncMock, patch

import pytest

import src.content_bot.ingest.pipeline as pipeline_module
from content_bot.errors import FetchError
from content_bot.models import Document, Outcome
from src.content_bot.ingest.pipeline import IngestReport, Orchestrator

HARBOUR = "https://news.example/harbour"
INTERVIEW = "https://videos.example/interview"


@pytest.fixture
def orch():
    return Orchestrator(blocked={"casino"})


@pytest.mark.asyncio
async def test_ingest_tells_new_from_known(orch):
    assert await orch.ingest(HARBOUR) is Outcome.ACCEPTED
    assert await orch.ingest(HARBOUR + "?utm_source=chat#top") is Outcome.DUPLICATE
    assert orch.fetcher.hits == 1


@pytest.mark.asyncio
async def test_blocked_words_reject_without_fetching(orch):
    orch.fetcher.get = AsyncMock()
    assert await orch.ingest("https://casino.example/") is Outcome.REJECTED
    orch.fetcher.get.assert_not_awaited()


@pytest.mark.asyncio
async def test_fetch_error_is_raised(orch):
    with pytest.raises(FetchError) as caught:
        await orch.ingest("https://nowhere.example/")
    assert caught.value.url == "https://nowhere.example/"


@pytest.mark.asyncio
async def test_message_report(orch):
    report = await orch.ingest_message(
        f"look {HARBOUR}, {HARBOUR}?fbclid=1 and {INTERVIEW} or https://casino.example/ or https://nowhere.example/"
    )
    assert isinstance(report, IngestReport)
    assert report.accepted == [HARBOUR, INTERVIEW]
    assert report.rejected["https://casino.example/"] == "blocked"
    assert "not in the library" in report.rejected["https://nowhere.example/"]
    assert report.total == 4


@pytest.mark.asyncio
async def test_search_and_platforms(orch):
    await orch.ingest_message(f"{HARBOUR} {INTERVIEW}")
    assert orch.search("HARBOUR") == [HARBOUR]
    assert orch.search("nothing") == []
    assert orch.platforms() == {"article": 1, "video": 1}


def test_block_list_is_found_beside_the_module():
    assert Orchestrator().blocked == {"casino", "giveaway"}


def test_block_list_can_be_patched(tmp_path: Path):
    missing = tmp_path / "nothing.txt"
    with patch("src.content_bot.ingest.pipeline.BLOCK_LIST", missing):
        assert Orchestrator().blocked == set()


@pytest.mark.asyncio
async def test_keywords_are_patched_under_the_other_prefix(orch):
    with patch("src.content_bot.ingest.pipeline.keywords", return_value=["patched"]):
        await orch.ingest(HARBOUR)
    assert orch.index == {"patched": [HARBOUR]}


@pytest.mark.asyncio
async def test_fetcher_is_injected():
    loader = AsyncMock(return_value=Document("u", "t", "ferry ferry boat"))
    orch = Orchestrator(pipeline_module.Fetcher(loader), blocked=set())
    assert await orch.ingest("https://any.example/") is Outcome.ACCEPTED
    assert orch.index["ferry"] == ["https://any.example/"]


def test_accessor_of_the_prefixed_module(monkeypatch):
    monkeypatch.setattr(pipeline_module, "_orchestrator", None)
    assert pipeline_module.get_orchestrator(auto_create=False) is None
    created = pipeline_module.get_orchestrator()
    assert isinstance(created, Orchestrator)
    assert pipeline_module.get_orchestrator(False) is created


def test_accessor_of_the_plain_module():
    from content_bot.ingest import pipeline

    assert pipeline.get_orchestrator(auto_create=False) is None
    assert pipeline.get_orchestrator() is pipeline._orchestrator
