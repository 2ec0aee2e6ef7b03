"""Channels, the bandit, and the two ContentOrchestrators."""

import asyncio
import inspect
from unittest import mock

import pytest

import bot_platform.content
import content_bot.routing.content
from content_bot import diagnostics
from content_bot.errors import NotReady, UnknownChannel
from content_bot.routing import channels, get_bandit
from content_bot.routing.bandit import BanditRoutingOrchestrator, reset_bandit, set_bandit
from content_bot.routing.router import ContentRouter, get_router
from content_bot.step_result import ErrorCategory

EPISODE = "https://podcasts.example/episode-7"


@pytest.fixture
def coordinator():
    return channels.Coordinator(ContentRouter())


@pytest.mark.asyncio
async def test_messages_are_delivered_before_shutdown_returns(coordinator):
    coordinator.submit("analyse", "one")
    coordinator.submit(name="analyse", message="two")
    assert coordinator.submit_link(EPISODE) == "transcribe"
    assert coordinator.backlog() == {"analyse": 2, "transcribe": 1}
    assert await coordinator.start() is True
    assert await coordinator.start() is False
    assert await coordinator.shutdown() == 3
    assert coordinator.delivered == {"analyse": ["one", "two"], "transcribe": [EPISODE]}


@pytest.mark.asyncio
async def test_workers_run_while_others_submit(coordinator, eventually):
    await coordinator.start()
    assert len(coordinator._workers) == 2
    coordinator.submit("transcribe", "late")
    await eventually(lambda: coordinator.delivered["transcribe"] == ["late"])
    await coordinator.shutdown()


@pytest.mark.asyncio
async def test_can_start_again_after_shutdown(coordinator):
    await coordinator.start()
    await coordinator.shutdown()
    coordinator.submit("analyse", "again")
    assert await coordinator.start() is True
    assert await coordinator.shutdown() == 1


@pytest.mark.asyncio
async def test_handler_errors_become_dead_letters(coordinator):
    handler = mock.AsyncMock(side_effect=[None, RuntimeError("no")])
    coordinator.handle("analyse", handler)
    coordinator.submit("analyse", "good")
    coordinator.submit("analyse", "bad")
    await coordinator.start()
    await coordinator.shutdown()
    assert list(coordinator.dead_letters) == [("analyse", "bad")]
    assert coordinator.delivered["analyse"] == ["good"]


def test_unknown_channels_raise(coordinator):
    with pytest.raises(UnknownChannel):
        coordinator.submit("nowhere", 1)
    with pytest.raises(KeyError):
        coordinator.handle("nowhere", print)


@pytest.mark.asyncio
async def test_request_returns_the_answer(coordinator):
    with pytest.raises(NotReady, match="no handler for analyse"):
        await coordinator.request("analyse", 1)
    coordinator.handle("analyse", mock.AsyncMock(return_value="answer"))
    assert await coordinator.request("analyse", 1) == "answer"


@pytest.mark.asyncio
async def test_async_accessor_starts_the_coordinator():
    coordinator = await channels.get_coordinator()
    assert coordinator is channels.get_orchestrator()
    assert await coordinator.start() is False
    await coordinator.shutdown()
    channels.reset_orchestrator()
    assert channels.get_orchestrator() is not coordinator


def test_router_is_looked_up_in_the_module():
    router = ContentRouter({"article": "archive"})
    with mock.patch("content_bot.routing.channels.get_router", return_value=router):
        assert channels.Coordinator().router is router


@pytest.mark.asyncio
async def test_bandit_exploits_what_paid():
    bandit = BanditRoutingOrchestrator()
    bandit.epsilon = 0.0
    await bandit.submit_feedback("analyse", "medium", 0.9)
    await bandit.submit_feedback("analyse", model="small", reward=0.1)
    result = await bandit.route({})
    assert (result["model"], result["reason"]) == ("medium", "exploited")
    assert bandit.statistics() == {"small": 0.1, "medium": 0.9, "large": 0.0}


@pytest.mark.asyncio
async def test_bandit_keeps_tenants_apart():
    bandit = BanditRoutingOrchestrator()
    await bandit.submit_feedback("analyse", "small", 1.0, tenant_id="north")
    assert bandit.statistics(tenant="north")["small"] == 1.0
    assert bandit.statistics("south")["small"] == 0.0


@pytest.mark.asyncio
async def test_bandit_parameters_named_like_ours():
    bandit = BanditRoutingOrchestrator()
    forced = await bandit.route(context={}, tenant_id="north", name="large")
    assert forced["reason"] == "forced"
    failed = await bandit.route({}, name="enormous")
    assert not failed.success and failed.error_category is ErrorCategory.VALIDATION
    assert list(inspect.signature(bandit.route).parameters) == ["context", "tenant_id", "name"]


@pytest.mark.asyncio
async def test_bandit_operations_by_name():
    bandit = BanditRoutingOrchestrator()
    await bandit.submit_feedback("job", "small", 0.5)
    assert await bandit.run_operation("history", limit=5) == [("job", "small", 0.5)]
    answer = await bandit.run_operation("forget", "small", context={"user": "tester"})
    assert answer == {"forgotten": "small", "by": "tester"}
    with pytest.raises(LookupError, match="unknown operation dance"):
        await bandit.run_operation(operation="dance")


@pytest.mark.asyncio
@pytest.mark.parametrize("reward", [-0.1, 1.1])
async def test_bandit_rejects_rewards_out_of_range(reward):
    with pytest.raises(ValueError):
        await BanditRoutingOrchestrator().submit_feedback("job", "small", reward)


@pytest.mark.asyncio
async def test_router_is_put_in_from_outside():
    bandit = diagnostics.attach_router()
    assert bandit is get_bandit()
    result = await bandit.route({"url": EPISODE})
    assert (result["model"], result["reason"]) == ("large", "routed")
    await bandit.submit_feedback("job", "large", 1.0)
    assert get_router().weights == {"large": 0.5}


def test_bandit_accessors():
    assert get_bandit() is None
    mine = BanditRoutingOrchestrator()
    set_bandit(mine)
    assert get_bandit(auto_create=True) is mine
    reset_bandit()
    assert get_bandit() is None
    assert isinstance(get_bandit(True), BanditRoutingOrchestrator)


def test_exploration_is_reproducible():
    bandit = BanditRoutingOrchestrator()
    bandit.epsilon = 1.0

    async def several():
        return [(await bandit.route({}))["model"] for _ in range(4)]

    first = asyncio.run(several())
    other = BanditRoutingOrchestrator()
    other.epsilon = 1.0
    bandit = other
    assert asyncio.run(several()) == first


def test_same_name_two_classes():
    routed, stored = content_bot.routing.content.ContentOrchestrator, bot_platform.content.ContentOrchestrator
    assert routed is not stored
    assert routed.__name__ == stored.__name__


@pytest.mark.asyncio
async def test_routed_content_is_drained_in_order():
    routed = content_bot.routing.content.ContentOrchestrator(("chat", "archive"), capacity=2)
    assert routed.publish("a") == 2
    assert routed.publish("b", "chat") == 1
    assert routed.publish("c", "chat") == 1
    assert routed.dropped == 1
    sent = []

    async def sender(item):
        sent.append(item)

    assert await routed.drain("chat", sender) == 2
    assert sent == ["b", "c"]
    assert routed.waiting() == {"chat": 0, "archive": 1}


@pytest.mark.asyncio
async def test_drain_keeps_what_could_not_be_sent():
    routed = content_bot.routing.content.ContentOrchestrator(("chat",))
    routed.publish("a")
    with pytest.raises(OSError):
        await routed.drain("chat", mock.AsyncMock(side_effect=OSError))
    assert routed.waiting() == {"chat": 1}


@pytest.mark.asyncio
async def test_feedback_moves_content():
    routed = content_bot.routing.content.ContentOrchestrator()
    routed.publish("a", "chat", "archive")
    assert await routed.route_feedback("a", 0.9) is True
    assert routed.waiting() == {"chat": 1, "archive": 1, "newsletter": 1}
    assert await routed.route_feedback("a", reward=0.1) is False
    assert routed.waiting() == {"chat": 0, "archive": 0, "newsletter": 0}


class FlakyStore(dict):
    def __init__(self, failures):
        super().__init__()
        self.failures = failures

    def __setitem__(self, key, value):
        if self.failures:
            self.failures -= 1
            raise ConnectionError("store is away")
        super().__setitem__(key, value)


@pytest.mark.asyncio
@pytest.mark.parametrize(("failures", "where"), [(0, "primary"), (1, "primary"), (2, "backup")])
async def test_stored_content_retries_then_falls_over(failures, where):
    stored = bot_platform.content.ContentOrchestrator(FlakyStore(failures))
    assert await stored.save("key", "value") == where
    assert await stored.load("key") == "value"
    assert stored.health_status().healthy
    with pytest.raises(KeyError):
        await stored.load("nothing")
