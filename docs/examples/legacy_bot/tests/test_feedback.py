"""The feedback hub."""

import asyncio
from unittest import mock

import pytest

from content_bot import diagnostics
from content_bot.feedback import UnifiedFeedbackOrchestrator, get_orchestrator, set_orchestrator
from content_bot.feedback.unified_feedback import ComponentHealth, FeedbackComponent, FeedbackMetrics
from content_bot.routing.bandit import BanditRoutingOrchestrator, get_bandit
from content_bot.step_result import StepResult


@pytest.fixture
def hub():
    return UnifiedFeedbackOrchestrator(round_seconds=0.001, consolidate_every=1)


def test_construction_replaces_the_global():
    assert get_orchestrator() is None
    first = UnifiedFeedbackOrchestrator()
    assert get_orchestrator() is first
    second = UnifiedFeedbackOrchestrator()
    assert get_orchestrator() is second


def test_set_orchestrator(hub):
    set_orchestrator(None)
    assert get_orchestrator() is None
    set_orchestrator(hub)
    assert get_orchestrator() is hub


def test_default_router_is_the_bandit_of_the_process(hub):
    assert hub._model_router is get_bandit()


def test_dependencies_can_be_given():
    router = mock.MagicMock(spec=BanditRoutingOrchestrator)
    tools = mock.MagicMock()
    hub = UnifiedFeedbackOrchestrator(router, tool_memory=tools)
    assert hub._model_router is router
    assert hub._tool_memory is tools
    assert get_bandit() is None


def test_weights_come_from_the_configuration(hub):
    assert hub.weights[FeedbackComponent.MODEL] == 0.5
    assert hub.weights[FeedbackComponent.CACHE] == 1.0


def test_settings_are_read_through_the_module():
    with mock.patch("content_bot.feedback.unified_feedback.load_settings") as load:
        load.return_value.scoring_weights = {"tool": 3.0}
        load.return_value.cache_threshold = 0.3
        hub = UnifiedFeedbackOrchestrator()
    assert hub.weights[FeedbackComponent.TOOL] == 3.0
    assert hub._cache_tuner.threshold == 0.3


def test_submit_counts_and_queues(hub):
    assert hub.submit_signal("tool", 1, note="search") is True
    assert hub.submit_model_feedback("small", 0.5)
    assert hub.submit_agent_feedback("critic", reward=0.2)
    assert hub.queue_sizes()["tool"] == hub.queue_sizes()["model"] == hub.queue_sizes()["agent"] == 1
    assert hub.get_metrics() == FeedbackMetrics(submitted=3)
    with pytest.raises(ValueError):
        hub.submit_signal("weather", 1.0)


@pytest.mark.asyncio
async def test_process_once_teaches_every_component(hub):
    for component, note in [("model", "large"), ("tool", "search"), ("prompt", "short"), ("agent", "critic")]:
        hub.submit_signal(component, 1.0, note)
    hub.submit_signal("cache", 1.0)
    assert await hub.process_once() == 5
    assert get_bandit().statistics()["large"] == 0.5
    assert hub._tool_memory.average("search") == 1.0
    assert hub._prompt_library.ranks["short"] == 1.0
    assert hub._agent_trust.trust == {"critic": 0.6}
    assert hub._cache_tuner.threshold == 0.65
    assert hub.get_metrics().by_component == {"model": 1, "tool": 1, "prompt": 1, "agent": 1, "cache": 1}


@pytest.mark.asyncio
async def test_failures_are_dead_letters_and_degrade(hub):
    for _ in range(2):
        hub.submit_signal("experiment", 1.0, "blue button")
    hub.submit_signal("prompt", 1.0, "unknown prompt")
    assert await hub.process_once() == 0
    state = diagnostics.feedback_state(hub)
    assert state["dead"] == ["no prompt 'unknown prompt'"] + ["experiments are not installed"] * 2
    assert hub.get_health()["experiment"] is ComponentHealth.DEGRADED
    assert hub.get_health()["prompt"] is ComponentHealth.HEALTHY


@pytest.mark.asyncio
async def test_flush_empties_the_queues(hub):
    for number in range(5):
        hub.submit_tool_feedback(f"tool-{number}", 0.5)
    assert await hub.flush(timeout=1) is True
    assert sum(hub.queue_sizes().values()) == 0


def test_recommend_tool(hub):
    hub._tool_memory.learn(0.9, "search")
    assert hub.recommend_tool(["browse", "search"]) == "search"
    assert hub.recommend_tool([]) is None


@pytest.mark.asyncio
async def test_recommend_model_asks_the_router_and_raises_its_failure():
    router = mock.MagicMock(spec=BanditRoutingOrchestrator)
    router.route.side_effect = [StepResult.ok(model="tiny"), StepResult.fail("out of models")]
    hub = UnifiedFeedbackOrchestrator(router)
    assert await hub.recommend_model({}, tenant_id="north") == "tiny"
    router.route.assert_awaited_with({}, "north")
    with pytest.raises(RuntimeError, match="out of models"):
        await hub.recommend_model({})


@pytest.mark.asyncio
async def test_loops_process_consolidate_and_stop(hub, eventually, settled):
    assert hub.is_running is False
    assert hub.start() is True
    assert hub.start() is False
    assert hub.is_running
    hub.submit_model_feedback("small", 1.0)
    await eventually(lambda: hub.get_metrics().processed == 1)
    await eventually(lambda: hub.get_metrics().consolidations > 0)
    hub.stop()
    assert not hub.is_running
    rounds = await settled(lambda: hub.get_metrics().rounds)
    assert rounds > 0
    hub.submit_model_feedback("small", 1.0)
    await asyncio.sleep(0.005)
    assert hub.get_metrics().rounds == rounds


@pytest.mark.asyncio
async def test_can_start_again(hub, eventually, settled):
    hub.start()
    await eventually(lambda: hub.get_metrics().rounds > 0)
    hub.stop()
    before = await settled(lambda: hub.get_metrics().rounds)
    assert hub.start() is True
    await eventually(lambda: hub.get_metrics().rounds > before)
    hub.stop()
    await settled(lambda: hub.get_metrics().rounds)


@pytest.mark.asyncio
async def test_health_loop_disables_a_failing_component(hub, eventually):
    for _ in range(5):
        hub.submit_signal("experiment", 1.0)
    hub.start()
    await eventually(lambda: hub.get_health()["experiment"] is ComponentHealth.DISABLED)
    await eventually(lambda: hub.submit_signal("experiment", 1.0) is False)
    assert hub.get_metrics().dropped >= 1
    hub.stop()


def test_can_be_constructed_without_a_loop():
    hub = UnifiedFeedbackOrchestrator()
    assert hub.is_running is False


@pytest.mark.asyncio
async def test_diagnostics_reach_into_the_hub(hub):
    hub.submit_model_feedback("small", 0.4)
    await hub.process_once()
    assert diagnostics.force_consolidation(hub) == 1
    assert hub._consolidated == [{"small": 0.4}]
    diagnostics.disable(hub, "cache")
    assert hub.submit_signal("cache", 1.0) is False
    assert diagnostics.feedback_state(hub)["disabled"] == ["cache"]


def test_constructor_signature_is_kept():
    assert diagnostics.constructor_help() == [
        "model_router",
        "tool_memory",
        "prompt_library",
        "round_seconds",
        "consolidate_every",
    ]
