"""What goes through the facade."""

from core.orchestration.domain.gate import gate
from core.orchestration import get_orchestration_facade
from core.orchestration.application.hub import HubOrchestrator, get_hub  # the hub
from core.orchestration.application import hub as hubs


async def directly(text):
    return await get_orchestration_facade().call("hub", "send", None, text)


async def through_its_module():
    return await get_orchestration_facade().call("hub", "total", None)


async def through_a_local(parts):
    hub: HubOrchestrator = get_hub()
    if parts:
        await get_orchestration_facade().call(
            "hub",
            "send",
            None,
            parts[0].strip(),
            *parts[1:],
            name="n",
            operation="o",
            **{"target": 1},
        )
    return [await get_orchestration_facade().call("hub", "send", None, one) for one in parts]


async def in_many_lines(parts):
    hub = get_hub()
    return (
        await hub
        # the total of all
        .total()
    ), await get_orchestration_facade().call("hub", "total", None, (
        # of lengths
        len(one)
        for one in parts
    ))


async def of_a_generator(parts):
    hub = get_hub()
    return await get_orchestration_facade().call("hub", "total", None, (len(one) for one in parts))


async def as_control_flow(why):
    try:
        await get_orchestration_facade().call("hub", "fail", None, why)
    except KeyError as error:
        return error.args


async def others(url):
    await get_orchestration_facade().call("gate", "open", None, for_whom=url)
    return (await get_orchestration_facade().call("trust", "score", None, url)) + 1


class Keeper:
    hub: HubOrchestrator

    def __init__(self):
        self.hub = get_hub()

    async def keep(self, text):
        return await get_orchestration_facade().call("hub", "send", None, text.upper())
