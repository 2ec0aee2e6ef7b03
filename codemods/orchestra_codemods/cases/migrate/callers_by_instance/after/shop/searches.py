from core.orchestration import get_orchestration_facade
from core.orchestration.domain.search import get_index, get_search, get_store


async def reset_elsewhere():
    return await get_orchestration_facade().call(get_search(), "find", None, "x")


async def created(auto_create):
    await get_orchestration_facade().call("index", "find", None, "x")
    await get_orchestration_facade().call("index", "find", None, "x")
    return await get_index(False).find("x")


async def patched():
    await get_store().load("x")
    return await get_orchestration_facade().call("store", "keep", None, "x")
