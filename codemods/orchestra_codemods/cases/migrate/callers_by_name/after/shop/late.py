get_orchestration_facade = "taken"


async def late(text):
	"""Imports where it is needed, and indents with tabs."""
	from core.orchestration import (
		get_orchestration_facade as orchestra_get_orchestration_facade,
	)
	from core.orchestration.application.hub import get_hub

	async def inner():
		from core.orchestration import (
			get_orchestration_facade as orchestra_get_orchestration_facade,
		)
		return await orchestra_get_orchestration_facade().call("hub", "total", None, [1])

	return (
		await orchestra_get_orchestration_facade().call("hub", "send", None, text),
		await inner(),
	)
