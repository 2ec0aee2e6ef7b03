from core.orchestration import get_orchestration_facade
from shop.hub import get_hub


async def both():
    await get_orchestration_facade().start()
    return await get_hub().total()
