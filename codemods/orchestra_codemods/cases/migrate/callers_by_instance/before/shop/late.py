get_orchestration_facade = "taken"


async def late(text):
	"""Imports where it is needed, and indents with tabs."""
	from shop.hub import get_hub

	async def inner():
		return await get_hub().total([1])

	return await get_hub().send(text), await inner()
