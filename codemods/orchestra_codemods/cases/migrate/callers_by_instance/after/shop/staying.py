"""What stays as it is."""

import asyncio

from core.orchestration import get_orchestration_facade
from core.orchestration.application.hub import HubOrchestrator, get_hub, get_trust
from core.orchestration.domain.search import SearchOrchestrator

shared = get_hub()


def synchronous():
    return get_hub().count(), asyncio.run(get_hub().total())


async def not_awaited():
    task = asyncio.create_task(get_hub().total())
    first = get_hub().total()
    return await task, await asyncio.gather(first, get_hub().send("x"))


async def evaluation_order(parts):
    return await get_orchestration_facade().call(get_hub(), "send", None, parts.pop())


async def of_its_own():
    hub = HubOrchestrator(5)
    return await get_orchestration_facade().call(hub, "send", None, "x")


async def parameter(hub: HubOrchestrator):
    return await hub.send("x")


async def two_types(flag):
    finder = get_hub() if flag else SearchOrchestrator()
    return await finder.send("x")


async def assigned_twice(other):
    hub = get_hub()
    if other:
        hub = other
    return await hub.send("x")


async def may_be_missing(flag):
    if flag:
        hub = get_hub()
    return await hub.send("x")


async def of_the_module():
    return await shared.send("x")


async def private():
    await get_hub()._tidy()
    return get_hub().seen, hasattr(get_hub(), "send")


async def broken():
    await get_hub().send_all("x")
    await get_hub().count()
    await get_hub().fail()


async def recursive(depth):
    await get_hub().send("x")
    return await recursive(depth - 1) if depth else None


async def stream():
    return [one async for one in get_hub().items()]


async def in_text():
    return f"{await get_hub().total()}"


async def kept():
    return await get_hub().total()  # orchestra: keep


class Owner:
    def __init__(self, hub=None):
        self.hub = hub or get_hub()
        self.later = None
        self.trust = get_trust()

    def connect(self):
        self.later = get_hub()

    async def work(self):
        await self.hub.send("x")
        await self.later.send("x")
        return await self.trust.score("x")


def give(owner):
    owner.trust = None


class Open:
    def __init__(self, **options):
        self.hub = get_hub()
        vars(self).update(options)

    async def work(self):
        return await self.hub.send("x")


class Reconnecting:
    def reconnect(self, hub):
        self.hub = hub


class Client(Reconnecting):
    def __init__(self):
        self.hub = get_hub()

    async def work(self):
        return await self.hub.send("x")


class Special(Client):
    async def special(self):
        return await self.hub.send("x")
