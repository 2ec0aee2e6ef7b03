"""Calls the legacy application's orchestrators in many ways and prints what they did, for comparison.

Run in the application before and after a migration; the two outputs have to be equal.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import random
import re
import sys
import warnings
from typing import Any

WORDS: list[Any] = [
    "",
    "budget",
    "The harbour says 5 percent. Nobody denies it!",
    "Ann",
    "video",
    "tester",
    "a b c d e f g h i",
]
URLS: list[Any] = [
    "https://news.example/harbour",
    "https://videos.example/interview",
    "https://nowhere.example/",
    "ftp:/x",
]
OTHERS: list[Any] = [None, 0, 1, -2, 3.5, True, [], ["Good. Bad."], {}, {"url": URLS[0]}, ("x", "y"), object]
DOMAIN = [
    ("content_bot.analysis.fallback_analysis_orchestrator", "FallbackAnalysisOrchestrator", ()),
    ("content_bot.analysis.debate", "DebateAnalysisOrchestrator", ("topic",)),
    ("content_bot.analysis.claims", "ClaimCheckOrchestrator", ()),
    ("content_bot.workflows.digest", "DigestOrchestrator", (2,)),
    ("content_bot.scoring.trust", "TrustScoringOrchestrator", ()),
    ("content_bot.search", "SearchWorkflowOrchestrator", ()),
    ("content_bot.ingest.pipeline", "Orchestrator", ()),
    ("content_bot.routing.bandit", "BanditRoutingOrchestrator", ()),
    ("content_bot.routing.content", "ContentOrchestrator", ()),
    ("bot_platform.content", "ContentOrchestrator", ()),
    ("bot_platform.security", "SecurityOrchestrator", ()),
]
WITH_TASKS: list[tuple[str, str, dict[str, Any], str]] = [
    ("bot_platform.resilience", "ResilienceOrchestrator", {"health_interval": 0.001}, ""),
    ("bot_platform.telemetry", "TelemetryOrchestrator", {"flush_interval": 0.001}, "stop"),
    ("bot_platform.deployment", "DeploymentOrchestrator", {"probe_interval": 0.001}, "stop"),
    ("bot_platform.lifecycle", "LifecycleCoordinator", {"beat_interval": 0.001}, "stop"),
    (
        "content_bot.feedback.unified_feedback",
        "UnifiedFeedbackOrchestrator",
        {"round_seconds": 0.001},
        "stop",
    ),
    ("content_bot.monitoring.alerts", "AlertCoordinator", {"interval": 0.001}, "close"),
    ("content_bot.monitoring.realtime", "RealTimeMonitoringOrchestrator", {"interval": 0.001}, "stop"),
    ("content_bot.routing.channels", "Coordinator", {}, "shutdown"),
]


def shown(value: Any) -> str:
    text = re.sub(r"<[\w.]*?(\w+) object at 0x[0-9a-f]+>", r"<\1>", repr(value))
    text = re.sub(r"0x[0-9a-f]+|\d+\.\d{5,}(e-\d+)?|\d\.\d+e-\d+|\d{9,}", "…", text)
    return re.sub(r"<coroutine object [^>]*>", "<coroutine>", text)


async def outcome(function: Any, *args: Any, **kwargs: Any) -> str:
    try:
        value = function(*args, **kwargs)
        if inspect.isasyncgen(value):
            value = [item async for item in value]
        elif inspect.isawaitable(value):
            value = await value
        return shown(value)
    except Exception as error:
        return f"{type(error).__name__}: {shown(str(error))}"


def public(kind: type) -> list[str]:
    own = {
        name for base in kind.__mro__ if not base.__module__.startswith("orchestra") for name in vars(base)
    }
    return sorted(name for name in own if not name.startswith("_") and name not in ("register", "logger"))


def state(instance: Any) -> str:
    kept = {
        name: value
        for name, value in vars(instance).items()
        if not name.startswith("__") and name != "logger"
    }
    return shown(sorted((name, shown(value)) for name, value in kept.items()))


async def exercise(module: str, name: str, arguments: tuple[Any, ...], seed: int) -> None:
    kind = getattr(importlib.import_module(module), name)
    chance = random.Random(seed)
    print("##", module, name, inspect.signature(kind), kind.__doc__)
    instance = kind(*arguments)
    logger = vars(instance).get("logger", getattr(instance, "logger", None))
    print("logs to", logger.name if type(logger).__module__ == "logging" else None)
    for attribute in public(kind):
        value = inspect.getattr_static(kind, attribute)
        if not callable(getattr(kind, attribute, None)):
            print(
                attribute, type(value).__name__, await outcome(lambda name=attribute: getattr(instance, name))
            )
            continue
        function = getattr(instance, attribute)
        print(attribute, inspect.signature(function), inspect.iscoroutinefunction(function), function.__doc__)
        for _ in range(12):
            pool = chance.choice([WORDS, URLS, WORDS + URLS, OTHERS])
            values = [chance.choice(pool) for _ in range(chance.randint(0, 4))]
            names = [each for each in inspect.signature(function).parameters if chance.random() < 0.2]
            keywords = {each: chance.choice(pool) for each in names}
            print(" ", shown(values), shown(keywords), await outcome(function, *values, **keywords))
        print(" ", state(instance))
    print(await outcome(kind, 1, 2, 3, 4, 5, 6, 7))


async def watch(module: str, name: str, options: dict[str, Any], stop: str) -> None:
    """Start, let run, stop: how many tasks there are at each point, and what cancelling the rest does."""
    before = asyncio.all_tasks()
    instance = getattr(importlib.import_module(module), name)(**options)
    if name == "RealTimeMonitoringOrchestrator":
        instance.add_probe("one", lambda: asyncio.sleep(0, 1.0))
    started: list[Any] = [len(asyncio.all_tasks() - before)]
    if hasattr(instance, "start"):
        started += [
            await outcome(instance.start),
            len(asyncio.all_tasks() - before),
            await outcome(instance.start),
        ]
    for _ in range(5):
        await asyncio.sleep(0.001)
    started.append(len(asyncio.all_tasks() - before))
    print("##", name, started, await outcome(getattr(instance, stop)) if stop else "")
    left = len(asyncio.all_tasks() - before)
    for _ in range(500):
        if not asyncio.all_tasks() - before or not stop:
            break
        await asyncio.sleep(0.001)
    rest = asyncio.all_tasks() - before
    for task in rest:
        task.cancel()
    ends = await asyncio.gather(*rest, return_exceptions=True)
    print(left >= len(rest), len(rest), sorted(type(end).__name__ for end in ends))


async def main() -> None:
    for seed in map(int, sys.argv[1:]):
        for module, name, arguments in DOMAIN:
            await exercise(module, name, arguments, seed)
    for item in WITH_TASKS:
        await watch(*item)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    asyncio.run(main())
