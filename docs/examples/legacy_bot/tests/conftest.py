"""Every test begins with no global orchestrators."""

import asyncio
import time

import pytest

from bot_platform.security import SecurityOrchestrator
from bot_platform.telemetry import reset_telemetry_orchestrator
from content_bot.analysis import claims
from content_bot.chat import Interaction
from content_bot.routing.bandit import reset_bandit
from content_bot.routing.channels import reset_orchestrator
from content_bot.scoring.trust import get_trust_scorer

GLOBALS = [
    "content_bot.ingest.pipeline._orchestrator",
    "content_bot.feedback.unified_feedback._orchestrator",
    "content_bot.feedback.components._prompts",
    "content_bot.monitoring.realtime._orchestrator",
    "content_bot.monitoring.alerts._alerts",
    "content_bot.routing.router._router",
    "bot_platform.resilience._resilience_orchestrator",
    "bot_platform.lifecycle._coordinator",
]


@pytest.fixture(autouse=True)
def clean_globals(monkeypatch):
    for name in GLOBALS:
        monkeypatch.setattr(name, None)
    monkeypatch.setattr(SecurityOrchestrator, "_instance", None)
    claims._checkers.clear()
    reset_bandit()
    reset_orchestrator()
    reset_telemetry_orchestrator()
    get_trust_scorer.cache_clear()


@pytest.fixture
def interaction():
    return Interaction(user="tester")


@pytest.fixture
def eventually():
    """Wait for a predicate, at most two seconds; returns what the predicate returned."""

    async def wait(predicate):
        deadline = time.monotonic() + 2
        while not (value := predicate()):
            assert time.monotonic() < deadline, "it never happened"
            await asyncio.sleep(0.001)
        return value

    return wait


@pytest.fixture
def settled():
    """Wait until a number does not grow any more; returns the number."""

    async def wait(read):
        before = read()
        for _ in range(200):
            await asyncio.sleep(0.004)
            if read() == before:
                return before
            before = read()
        raise AssertionError("it never came to rest")

    return wait
