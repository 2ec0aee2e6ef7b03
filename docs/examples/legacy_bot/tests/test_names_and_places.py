"""Names under which things can be had, and classes that only look like orchestrators."""

import pickle

import pytest

import content_bot.exports
from bot_platform import protocols
from bot_platform.generated.scheduler_client import SchedulerClientOrchestrator
from content_bot import agents
from content_bot.metrics import MetricsOrchestrator
from content_bot.registry import create_agent
from content_bot.routing.bandit import Arm
from src.content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator as PrefixedFallback
from src.content_bot.analysis import debate as prefixed_debate
from vendor.thirdparty_agents import CoordinatorBase


def test_star_exports():
    from content_bot.analysis.debate import DebateAnalysisOrchestrator

    assert content_bot.exports.DebateAnalysisOrchestrator is DebateAnalysisOrchestrator
    assert content_bot.exports.Side.FOR.value == "for"
    assert content_bot.exports.RoutedContent is not content_bot.exports.StoredContent


def test_star_import_gives_the_exported_names():
    names = {}
    exec("from content_bot.exports import *", names)
    assert {"FallbackAnalysisOrchestrator", "StoredContent"} <= set(names)
    assert "Side" not in names


def test_platform_star_import_has_always_been_broken():
    with pytest.raises(AttributeError):
        exec("from bot_platform import *", {})


@pytest.mark.asyncio
async def test_prefixed_module_works_like_the_plain_one(interaction):
    from content_bot.analysis.fallback_analysis_orchestrator import FallbackAnalysisOrchestrator

    assert PrefixedFallback is not FallbackAnalysisOrchestrator
    await PrefixedFallback().execute_fallback_workflow(interaction, "https://news.example/harbour", depth="quick")
    assert interaction.sent[-1].endswith("(fallback analysis)")


def test_prefixed_debate():
    assert prefixed_debate.DebateAnalysisOrchestrator.side_of("bad") is prefixed_debate.Side.NEUTRAL


def test_pickles_of_module_data_survive():
    stored = pickle.dumps(Arm("small", 2, 1.0))
    assert b"content_bot.routing.bandit" in stored
    assert pickle.loads(stored).mean == 0.5


def test_old_pickle_by_path():
    """Written by the running bot of last year."""
    stored = b"ccontent_bot.analysis.claims\nVerdict\n(S'disputed'\ntR."
    assert pickle.loads(stored).name == "DISPUTED"


@pytest.mark.asyncio
async def test_agent_under_a_key():
    assert await create_agent("critic").act("All is fine. That was a mistake.") == ["That was a mistake."]
    assert await agents.critique("Great.") == []
    with pytest.raises(KeyError):
        create_agent("poet")


@pytest.mark.asyncio
async def test_third_party_subclass():
    swarm = agents.default_swarm()
    assert isinstance(swarm, CoordinatorBase)
    assert await swarm.dispatch("abc") == "ABC"
    assert swarm.dispatched == 1


@pytest.mark.asyncio
async def test_plugins_are_collected_by_their_metaclass():
    assert protocols.ExclaimPlugin in protocols.PluginMeta.plugins
    assert "hi!" in await protocols.PluginOrchestrator().run_plugins("hi")


def test_protocol_and_abstract_class():
    from content_bot.workflows.digest import DigestOrchestrator

    assert isinstance(DigestOrchestrator(), protocols.RunnableOrchestrator)
    with pytest.raises(TypeError):
        protocols.AbstractPlatformOrchestrator()


@pytest.mark.asyncio
async def test_generated_client():
    async def transport(method, body):
        return method, body

    client = SchedulerClientOrchestrator(transport)
    assert await client.enqueue("digest", at=5) == ("enqueue", {"job": "digest", "at": 5})


def test_metrics_dataclass():
    metrics = MetricsOrchestrator(runs=4, failures=1)
    assert metrics.failure_rate() == 0.25
    assert metrics == MetricsOrchestrator(4, 1)
