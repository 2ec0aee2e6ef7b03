from core.orchestration import get_orchestration_facade
from core.orchestration.application.hub import get_hub


async def both():
    await get_orchestration_facade().start()
    return await get_orchestration_facade().call("hub", "total", None)
