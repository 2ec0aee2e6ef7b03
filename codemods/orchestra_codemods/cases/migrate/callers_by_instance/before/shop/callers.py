"""What goes through the facade."""

from shop.gate import gate
from shop.hub import HubOrchestrator, get_hub, get_trust  # the hub
from shop import hub as hubs


async def directly(text):
    return await get_hub().send(text)


async def through_its_module():
    return await hubs.get_hub().total()


async def through_a_local(parts):
    hub: HubOrchestrator = get_hub()
    if parts:
        await hub.send(parts[0].strip(), *parts[1:], name="n", operation="o", **{"target": 1})
    return [await hub.send(one) for one in parts]


async def in_many_lines(parts):
    hub = get_hub()
    return (
        await hub
        # the total of all
        .total()
    ), await hub.total(
        # of lengths
        len(one)
        for one in parts
    )


async def of_a_generator(parts):
    hub = get_hub()
    return await hub.total(len(one) for one in parts)


async def as_control_flow(why):
    try:
        await get_hub().fail(why)
    except KeyError as error:
        return error.args


async def others(url):
    await gate.open(for_whom=url)
    return (await get_trust().score(url)) + 1


class Keeper:
    hub: HubOrchestrator

    def __init__(self):
        self.hub = get_hub()

    async def keep(self, text):
        return await self.hub.send(text.upper())


async def any_instance(parts):
    await get_hub().send(parts.pop())
    hub = HubOrchestrator(size=1)
    await hub.send("x")
    return await HubOrchestrator().total(len(one) for one in parts)
