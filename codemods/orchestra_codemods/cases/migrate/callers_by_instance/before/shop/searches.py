from shop.search import get_index, get_search, get_store


async def reset_elsewhere():
    return await get_search().find("x")


async def created(auto_create):
    await get_index().find("x")
    await get_index(auto_create=True).find("x")
    return await get_index(False).find("x")


async def patched():
    await get_store().load("x")
    return await get_store().keep("x")
