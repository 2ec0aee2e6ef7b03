import pytest

from bot_platform.mixins import TimingMixin
from content_bot.factories import create, create_podcast_workflow, create_telemetry, quick_find
from content_bot.models import Document
from content_bot.optional import ranking_available, score_or_default
from content_bot.scoring.trust import TrustScoringOrchestrator, get_trust_scorer
from content_bot.search import SearchService, SearchWorkflowOrchestrator

ARTICLE = "https://news.example/harbour"
CLIP = "https://clips.example/1"


@pytest.fixture(name="scorer")
def make_scorer():
    return TrustScoringOrchestrator()


@pytest.mark.asyncio
async def test_score_depends_on_platform_and_tone(scorer):
    assert await scorer.score(ARTICLE, "Ferries run.") == 0.6
    assert await scorer.score(ARTICLE, "Great, wonderful!") == 0.4
    assert await scorer.score(CLIP, "Ferries run.") == 0.3


@pytest.mark.asyncio
async def test_weights_are_merged():
    scorer = TrustScoringOrchestrator({"tone": 1.0})
    assert scorer.weights == {"tone": 1.0, "style": 0.1}
    assert await scorer.score(CLIP, "awful") == 0.0


@pytest.mark.asyncio
async def test_override_by_name_and_tenant(scorer):
    scorer.override("harbour", 0.9, tenant="north")
    assert await scorer.score(ARTICLE, "x", name="harbour", tenant="north") == 0.9
    assert await scorer.score(ARTICLE, "x", name="harbour") == 0.6
    with pytest.raises(ValueError):
        scorer.override("harbour", 2)


@pytest.mark.asyncio
async def test_compare_returns_the_pair_itself(scorer):
    first, second = (CLIP, "x"), (ARTICLE, "x")
    assert await scorer.compare(first, second) is second


@pytest.mark.asyncio
async def test_mixin_measures(scorer):
    assert isinstance(scorer, TimingMixin)
    assert scorer.timings == {}
    await scorer.score(ARTICLE, "x")
    assert len(scorer.timings["score"]) == 1


def test_cached_accessor():
    first = get_trust_scorer()
    assert get_trust_scorer() is first
    get_trust_scorer.cache_clear()
    assert get_trust_scorer() is not first


@pytest.mark.asyncio
async def test_base_table_is_patched_in_the_module(scorer, monkeypatch):
    monkeypatch.setitem(__import__("content_bot.scoring.trust", fromlist=["BASE"]).BASE, "clip", 1.0)
    assert await scorer.score(CLIP, "x") == 1.0


@pytest.mark.asyncio
async def test_optional_feature_is_there():
    assert await score_or_default(ARTICLE, "Ferries run.") == 0.6
    assert ranking_available() is False


@pytest.mark.asyncio
async def test_optional_feature_is_missing(monkeypatch):
    monkeypatch.setattr("content_bot.optional.TrustScoringOrchestrator", None)
    assert await score_or_default(ARTICLE, "Ferries run.", default=0.1) == 0.1


@pytest.mark.asyncio
async def test_search_ranks_by_common_words():
    orch = SearchWorkflowOrchestrator()
    found = await orch.find("harbour ferries", limit=2)
    assert all(isinstance(document, Document) for document in found)
    assert found[0].title == "Harbour reopens"
    assert (await orch.first("quiet network")).title == "Episode 7: quiet networks"
    assert await orch.first("zeppelin") is None


def test_search_is_a_search_service():
    orch = SearchWorkflowOrchestrator({})
    assert isinstance(orch, SearchService)
    assert orch.explain("quiet network") == "search for network, quiet"


@pytest.mark.asyncio
async def test_factories():
    assert create("bandit") is not create("bandit")
    mine = SearchWorkflowOrchestrator({})
    assert create("search", mine) is mine
    assert create("search") is not mine
    assert (await create("weekly").headline()).startswith("2 days")
    assert create_podcast_workflow(chapters=1).chapters == 1
    assert create_telemetry(print).exporters == [print]
    assert len(await quick_find("budget")) == 1


@pytest.mark.asyncio
async def test_factory_looks_the_class_up_when_called(monkeypatch):
    class Found:
        async def find(self, query, limit):
            return [query, limit]

    monkeypatch.setattr("content_bot.factories.SearchWorkflowOrchestrator", Found)
    assert await quick_find("budget") == ["budget", 1]
